import type { AgentStatus, AskedBy } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import * as seating from "./seating.ts";
import * as commands from "./commands.ts";
import * as participants from "./participants.ts";
import type { wakes } from "./validators.ts";
import type { Participant } from "./seated.ts";

const DOWN: ReadonlySet<AgentStatus> = new Set(["offline", "dead", "dead_failed_revive"]);

/**
 * Work waits for a role: when its remote agent is down and wanted, its machine is asked to start it. An agent
 * that was given up gets its fresh trial only from a person (`message`, `person`), not from another agent.
 * Answers whether a start is asked for now.
 */
export async function autoRestartOfflineAgent(
  ctx: MutationCtx,
  agent: Doc<"agents"> | null,
  participant: Participant | null,
  asked: AskedBy,
): Promise<boolean> {
  if (agent?.type !== "remote" || agent.desired !== "running") return false;
  const status = participant?.agentStatus ?? "offline";
  if (!DOWN.has(status)) return false;
  if (status === "dead_failed_revive" && asked === "nobody") return false;
  await commands.request(ctx, agent, "start-agent", asked, "work waits for it");
  return true;
}

/** Wakes a role for new work and says in a sentence what happens now. */
export async function wake(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  role: string,
  asked: AskedBy,
): Promise<Infer<typeof wakes>> {
  const agent = await seating.find(ctx, room._id, role);
  const participant = await participants.find(ctx, room._id, role);
  await autoRestartOfflineAgent(ctx, agent, participant, asked);
  const machine =
    agent?.machineId === undefined ? null : await ctx.db.get("machines", agent.machineId);
  return {
    role,
    agentStatus: participant?.agentStatus ?? "offline",
    desired: agent?.desired ?? null,
    note: note(room, role, agent, participant, machine),
  };
}

function note(
  room: Doc<"rooms">,
  role: string,
  agent: Doc<"agents"> | null,
  participant: Participant | null,
  machine: Doc<"machines"> | null,
): string {
  const wait = `muster wait-for-task --room ${room.name} --role ${role}`;
  const status = participant?.agentStatus ?? "offline";
  if (agent === null)
    return `${role} has no agent yet; the message waits until one is added or somebody runs: ${wait}`;
  if (agent.desired === "stopped")
    return `${role} is stopped; the message waits until you start it.`;
  if (status === "ready") return `${role} is ready and takes it now.`;
  if (status === "working") return `${role} is working; the message waits in its queue.`;
  if (status === "restarting") return `${role} is being started and takes it then.`;
  if (agent.type === "custom")
    return `${role} is run by a person and not here; the message waits until they run: ${wait}`;
  if (machine === null || !machine.daemonConnected)
    return `${role} is down and its machine${machine === null ? "" : ` ${machine.name}`} is not connected; the message waits until its daemon runs again.`;
  return `${role} is down; ${machine.name} is asked to start it.`;
}
