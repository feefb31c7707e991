import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import * as commands from "../machines/commands.ts";
import { explain } from "../rooms/explain.ts";
import { notice } from "../rooms/messages.ts";
import * as participants from "../seats/participants.ts";
import { waiting, watch } from "./queue.ts";
import * as seating from "../seats/seating.ts";
import { timing } from "../timing.ts";
import { autoRestartOfflineAgent } from "../machines/wake.ts";
import type { Participant } from "../seats/seated.ts";

type Task = Doc<"tasks">;

/**
 * Offered for long and not taken, the role not working: a remote agent is started (anew, when it claims to be
 * ready), and the room is told what is in the way and what helps. Only the role's oldest task does so, hence a
 * role is spoken of once, however long its queue. One that is held back waits for a person anyway.
 */
export async function pendingTooLong(ctx: MutationCtx, task: Task): Promise<void> {
  if (task.heldBy !== undefined) return;
  const participant = await participants.find(ctx, task.roomId, task.role);
  if (participant !== null && (isGoingOn(participant) || hasJustCome(participant))) {
    await watch(ctx, task);
    return;
  }
  const [oldest] = await waiting(ctx, task.roomId, task.role, "pending");
  const room = await ctx.db.get("rooms", task.roomId);
  if (room === null || oldest?._id !== task._id) return;
  const [why] = await explain(ctx, room, task.role);
  const started = await startOnce(ctx, task, participant);
  const helps = started
    ? "Its machine is asked to start it."
    : `What helps: ${why?.holdup?.command ?? `muster explain ${room.name} --role ${task.role}`}`;
  const text = `A task of ${task.role} waits and nobody takes it. ${why?.holdup?.sentence ?? ""} ${helps}`;
  await notice(ctx, room._id, text, task._id);
}

/** It gets to its queue by itself, or a deadline of its own decides. */
function isGoingOn({ agentStatus, currentTaskId }: Participant): boolean {
  return agentStatus === "working" || agentStatus === "restarting" || currentTaskId !== undefined;
}

/** Only who has been ready for as long as a task may wait leaves it lying: the queue of one that was away may be older. */
function hasJustCome({ agentStatus, since }: Participant): boolean {
  return agentStatus === "ready" && Date.now() - since < timing().TASK_PENDING_TIMEOUT_MS;
}

async function startOnce(
  ctx: MutationCtx,
  task: Task,
  participant: Participant | null,
): Promise<boolean> {
  const agent = await seating.find(ctx, task.roomId, task.role);
  const machine =
    agent?.machineId === undefined ? null : await ctx.db.get("machines", agent.machineId);
  const hung = participant?.agentStatus === "ready" && agent?.type === "remote";
  if (hung && agent.desired === "running")
    await commands.requestRestart(ctx, agent, "nobody", "it does not take its task");
  else if (!(await autoRestartOfflineAgent(ctx, agent, participant, "nobody"))) return false;
  return machine?.daemonConnected === true;
}

/** The room's task that is offered longest and that nobody has taken; null when everything is taken. */
export async function oldestUndelivered(
  ctx: QueryCtx,
  room: Doc<"rooms">,
): Promise<{ taskId: Id<"tasks">; role: string; since: number } | null> {
  const offered = await Promise.all(
    room.team.map(async (role) => {
      const queue = await waiting(ctx, room._id, role, "pending");
      return queue.find(({ notBefore }) => notBefore === undefined);
    }),
  );
  const [oldest] = offered
    .filter((task) => task !== undefined)
    .toSorted((a, b) => a.offered - b.offered);
  if (oldest === undefined) return null;
  return { taskId: oldest._id, role: oldest.role, since: oldest.offered };
}
