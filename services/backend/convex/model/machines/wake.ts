import type { AgentStatus, AskedBy } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import * as seating from "../seats/seating.ts";
import * as commands from "./commands.ts";
import { notice } from "../rooms/messages.ts";
import * as participants from "../seats/participants.ts";
import { waiting } from "../tasks/queue.ts";
import type { wakes } from "../validators.ts";
import type { Participant } from "../seats/seated.ts";

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

/**
 * Wakes a role for new work and says in a sentence what happens now. When no person asked who would read that,
 * and nothing will happen by itself, the room is told, once while work waits.
 */
export async function wake(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  role: string,
  asked: AskedBy,
): Promise<Infer<typeof wakes>> {
  const agent = await seating.find(ctx, room._id, role);
  const participant = await participants.find(ctx, room._id, role);
  const agentStatus = participant?.agentStatus ?? "offline";
  await autoRestartOfflineAgent(ctx, agent, participant, asked);
  const machine =
    agent?.machineId === undefined ? null : await ctx.db.get("machines", agent.machineId);
  const obstacle = obstacleOf(room, role, { agent, machine, agentStatus, asked });
  if (obstacle !== null && asked === "nobody") await tellRoom(ctx, room, role, obstacle);
  const note = obstacle ?? prospect(role, agentStatus, machine);
  return { role, agentStatus, desired: agent?.desired ?? null, note };
}

/** Why the role does not get to new work by itself, with what helps; null when it does. */
function obstacleOf(
  room: Doc<"rooms">,
  role: string,
  seat: {
    readonly agent: Doc<"agents"> | null;
    readonly machine: Doc<"machines"> | null;
    readonly agentStatus: AgentStatus;
    readonly asked: AskedBy;
  },
): string | null {
  const { agent, machine, agentStatus, asked } = seat;
  const at = `--room ${room.name} --role ${role}`;
  if (agent === null)
    return `${role} has no agent yet; the message waits until one is added or somebody runs: muster wait-for-task ${at}`;
  if (agent.desired === "stopped")
    return `${role} is stopped; the message waits until you start it.`;
  if (!DOWN.has(agentStatus)) return null;
  if (agent.type === "custom")
    return `${role} is run by a person and not here; the message waits until they run: muster wait-for-task ${at}`;
  if (machine === null || !machine.daemonConnected)
    return `${role} is down and its machine${machine === null ? "" : ` ${machine.name}`} is not connected; the message waits until its daemon runs again.`;
  if (agentStatus === "dead_failed_revive" && asked === "nobody")
    return `${role} was given up; the message waits until a person runs: muster agent start ${at}`;
  return null;
}

function prospect(role: string, agentStatus: AgentStatus, machine: Doc<"machines"> | null): string {
  if (agentStatus === "ready") return `${role} is ready and takes it now.`;
  if (agentStatus === "working") return `${role} is working; the message waits in its queue.`;
  if (agentStatus === "restarting") return `${role} is being started and takes it then.`;
  return `${role} is down; ${machine?.name ?? "its machine"} is asked to start it.`;
}

async function tellRoom(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  role: string,
  obstacle: string,
): Promise<void> {
  const [first, second] = await waiting(ctx, room._id, role, "pending");
  if (first !== undefined && second === undefined) await notice(ctx, room._id, obstacle, first._id);
}
