import type { AskedBy } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { arm } from "../deadlines/arming.ts";
import { notFound } from "../refusal.ts";
import { timing } from "../timing.ts";

type Command = Doc<"commands">;
type Ended = "done" | "failed" | "expired";
const URGENCY: readonly AskedBy[] = ["nobody", "message", "person"];
const OPEN = ["pending", "claimed"] as const;

/**
 * Asks the agent's machine for something, for a limited time. While the same is asked of it already, whether
 * claimed or not, nothing is added: five messages during one slow start make one start. One that waits still
 * learns that a person asks now.
 */
export async function request(
  ctx: MutationCtx,
  agent: Doc<"agents">,
  kind: Command["kind"],
  asked: AskedBy,
  reason: string,
): Promise<void> {
  if (agent.machineId === undefined) return;
  const { roomId, role, machineId } = agent;
  const same = (await open(ctx, agent)).find((command) => command.kind === kind);
  if (same !== undefined) {
    const nearer = URGENCY.indexOf(asked) > URGENCY.indexOf(same.asked);
    if (nearer && same.status === "pending") await ctx.db.patch("commands", same._id, { asked });
    return;
  }
  const deadline = Date.now() + timing().STARTUP_DEADLINE_MS;
  const status = "pending";
  await ctx.db.insert("commands", {
    roomId,
    role,
    machineId,
    kind,
    status,
    deadline,
    asked,
    reason,
  });
  await arm(ctx, deadline);
}

/** Asks for a stop after which the agent is started again; a stop that is under way becomes one. */
export async function requestRestart(
  ctx: MutationCtx,
  agent: Doc<"agents">,
  asked: AskedBy,
  reason: string,
): Promise<void> {
  await request(ctx, agent, "stop-agent", asked, reason);
  for (const command of await open(ctx, agent))
    if (command.kind === "stop-agent")
      await ctx.db.patch("commands", command._id, { thenStart: true });
}

/** It left: when that was the first half of a restart, its start is asked for now. */
export async function startAgain(ctx: MutationCtx, agent: Doc<"agents">): Promise<void> {
  const stop = (await open(ctx, agent)).find(({ thenStart }) => thenStart === true);
  if (stop === undefined || agent.desired === "stopped") return;
  await end(ctx, stop, "done", "it left");
  await request(ctx, agent, "start-agent", stop.asked, stop.reason);
}

/** Commands of a role that have not ended. */
async function open(ctx: QueryCtx | MutationCtx, agent: Doc<"agents">): Promise<Command[]> {
  const { roomId, role } = agent;
  const found: Command[] = [];
  for (const status of OPEN)
    found.push(
      ...(await ctx.db
        .query("commands")
        .withIndex("by_roomId_and_role_and_status", (q) =>
          q.eq("roomId", roomId).eq("role", role).eq("status", status),
        )
        .take(64)),
    );
  return found;
}

/** The role's start that is asked for and has not ended, if any. */
export async function openStart(ctx: MutationCtx, agent: Doc<"agents">): Promise<Command | null> {
  return (await open(ctx, agent)).find(({ kind }) => kind === "start-agent") ?? null;
}

/** Ends the role's open commands of one kind: a join has done its start, a stop has overtaken it. */
export async function settle(
  ctx: MutationCtx,
  agent: Doc<"agents">,
  kind: Command["kind"],
  status: Ended,
  reason: string,
): Promise<void> {
  for (const command of await open(ctx, agent))
    if (command.kind === kind) await end(ctx, command, status, reason);
}

/** A command ends once and keeps why. */
export async function end(
  ctx: MutationCtx,
  command: Command,
  status: Ended,
  reason: string,
): Promise<void> {
  const endedAt = Date.now();
  await ctx.db.patch("commands", command._id, { status, reason, endedAt, deadline: null });
}

/** What a machine may claim. Expired ones are gone from here as soon as the worker has seen them. */
export async function forMachine(ctx: QueryCtx, machine: Doc<"machines">) {
  const pending = await ctx.db
    .query("commands")
    .withIndex("by_machineId_and_status", (q) =>
      q.eq("machineId", machine._id).eq("status", "pending"),
    )
    .take(64);
  return pending.map(({ _id, kind, roomId, role, asked, deadline }) => ({
    _id,
    kind,
    roomId,
    role,
    asked,
    deadline: deadline ?? 0,
  }));
}

/** One daemon gets it, once, and never after its deadline. */
export async function claim(
  ctx: MutationCtx,
  machine: Doc<"machines">,
  { commandId, epoch }: { readonly commandId: string; readonly epoch: number },
): Promise<boolean> {
  const command = await ofMachine(ctx, machine, commandId);
  const now = Date.now();
  if (epoch !== machine.epoch || command.status !== "pending") return false;
  if (command.deadline === null || command.deadline <= now) return false;
  const deadline = now + timing().RESTART_DEADLINE_MS;
  await ctx.db.patch("commands", command._id, { status: "claimed", epoch, deadline });
  await arm(ctx, deadline);
  return true;
}

/** How it ended; a report of an older daemon, or after the end, changes nothing. */
export async function finish(
  ctx: MutationCtx,
  machine: Doc<"machines">,
  report: {
    readonly commandId: string;
    readonly epoch: number;
    readonly ok: boolean;
    readonly reason?: string;
  },
): Promise<boolean> {
  const command = await ofMachine(ctx, machine, report.commandId);
  if (command.status !== "claimed" || command.epoch !== report.epoch) return false;
  const { ok, reason = ok ? "done" : "failed without a reason" } = report;
  await end(ctx, command, ok ? "done" : "failed", reason);
  return true;
}

/** A new daemon does not know what an older one had begun: it looks at what is desired instead. */
export async function failClaimed(ctx: MutationCtx, machine: Doc<"machines">): Promise<void> {
  const claimed = await ctx.db
    .query("commands")
    .withIndex("by_machineId_and_status", (q) =>
      q.eq("machineId", machine._id).eq("status", "claimed"),
    )
    .take(64);
  for (const command of claimed) await end(ctx, command, "failed", "the daemon was started anew");
}

async function ofMachine(
  ctx: MutationCtx,
  machine: Doc<"machines">,
  commandId: string,
): Promise<Command> {
  const id = ctx.db.normalizeId("commands", commandId);
  const command = id === null ? null : await ctx.db.get("commands", id);
  if (command === null || command.machineId !== machine._id)
    throw notFound(`command "${commandId}"`);
  return command;
}
