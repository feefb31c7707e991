import { isHeld, isLive, isTerminal } from "@muster/core";
import type { AgentStatus, TaskStatus } from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import type { Seated } from "../access/access.ts";
import { nextBeat } from "./beats.ts";
import { letGo } from "../tasks/cancel.ts";
import * as commands from "../machines/commands.ts";
import * as leases from "./leases.ts";
import * as participants from "./participants.ts";
import { requireRate } from "../rates.ts";
import { refusal, requireFields } from "../refusal.ts";
import { seated } from "./seated.ts";
import type { Participant } from "./seated.ts";
import * as seating from "./seating.ts";
import * as tasks from "../tasks/tasks.ts";
import { timing } from "../timing.ts";
import { last } from "../turns/ends.ts";

type Joiner = {
  readonly holderId: string;
  readonly epoch?: number;
  readonly pid?: number;
  readonly takeOver?: boolean;
};
type Holder = { readonly epoch: number; readonly holderId: string };

/** Sits down. See `participants.join` for who keeps the epoch and who begins a new one. */
export async function join(ctx: MutationCtx, { room, role }: Seated, joiner: Joiner) {
  requireFields({ "holder's id": joiner.holderId });
  await requireRate(ctx, "join", `${room._id}/${role}`);
  const agent = await seating.ensureCustom(ctx, room, role);
  const before = await participants.ensure(ctx, room._id, role);
  if (agent.desired === "stopped")
    throw refusal(
      "stopped",
      `${role} in ${room.name} is stopped.`,
      `muster agent start --room ${room.name} --role ${role}`,
    );
  const sameHolder = isSameHolder(before, joiner);
  if (!sameHolder && joiner.takeOver !== true) requireNotDisplaced(before, joiner, room);
  const finishing = sameHolder ? await finishedInTurn(ctx, before) : null;
  const participant = sameHolder && finishing === null ? await letGo(ctx, before) : before;
  const current = sameHolder ? await heldTask(ctx, participant) : null;
  const joined = await participants.apply(
    ctx,
    participant,
    {
      type: "join",
      sameHolder,
      desired: agent.desired,
      holdsStartedTask: current?.status === "in_progress" || finishing !== null,
    },
    { holderId: joiner.holderId, pid: joiner.pid },
  );
  if (finishing !== null) await tasks.finishTurn(ctx, joined.participant, finishing);
  await commands.settle(ctx, agent, "start-agent", "done", "it joined");
  const { epoch, agentStatus } = joined.participant;
  const held = current ?? (sameHolder ? await resumable(ctx, joined.participant) : null);
  return { roomId: room._id, roomName: room.name, epoch, agentStatus, ...nextBeat(), held };
}

/** The holder that is known, or the process that the running start was minted for. */
function isSameHolder(participant: Participant, { holderId, epoch }: Joiner): boolean {
  if (participant.holderId !== undefined) return participant.holderId === holderId;
  return epoch !== undefined && epoch > 0 && epoch === participant.epoch;
}

function requireNotDisplaced(
  { displaced, role }: Participant,
  { holderId }: Joiner,
  room: Doc<"rooms">,
): void {
  const lost = displaced?.holderId === holderId ? displaced : undefined;
  if (lost === undefined || Date.now() - lost.at >= timing().TAKE_OVER_WINDOW_MS) return;
  throw refusal(
    "superseded",
    `Another process took the seat of ${role} in ${room.name}.`,
    `muster wait-for-task --room ${room.name} --role ${role} --take-over`,
  );
}

/**
 * The task of this epoch's last turn, if it is over and nobody has ended the turn: its harness still talks. A holder that
 * was thought dead meanwhile knows it, and ends the turn soon.
 */
async function finishedInTurn(
  ctx: MutationCtx,
  { roomId, role, epoch }: Participant,
): Promise<Doc<"tasks"> | null> {
  const turn = await last(ctx, roomId, role);
  if (turn === null || turn.epoch !== epoch) return null;
  if (turn.status !== "running" && turn.stopReason !== "lost") return null;
  const task = await ctx.db.get("tasks", turn.taskId);
  return task !== null && isTerminal(task.status) ? task : null;
}

type Held = { readonly taskId: Id<"tasks">; readonly status: TaskStatus };

async function heldTask(ctx: MutationCtx, participant: Participant): Promise<Held | null> {
  if (participant.currentTaskId === undefined) return null;
  const task = await ctx.db.get("tasks", participant.currentTaskId);
  return task === null || !isHeld(task.status) ? null : { taskId: task._id, status: task.status };
}

/** A task of this epoch that went back and that nobody has begun since: its token still stands. */
async function resumable(ctx: MutationCtx, participant: Participant): Promise<Held | null> {
  const recent = await ctx.db
    .query("tasks")
    .withIndex("by_roomId_and_role_and_epoch", (q) =>
      q
        .eq("roomId", participant.roomId)
        .eq("role", participant.role)
        .eq("epoch", participant.epoch),
    )
    .order("desc")
    .take(16);
  const task = recent.find(({ status, was }) => status === "pending" && was !== undefined);
  return task?.tokenHash === undefined ? null : { taskId: task._id, status: task.status };
}

/**
 * Nobody beats from here on: the lease runs for the gap between two waits or, with a task, for unattended
 * work. Null when the seat is no longer the caller's, and nothing changed.
 */
export async function park(
  ctx: MutationCtx,
  { room, role }: Seated,
  holder: Holder,
): Promise<number | null> {
  const participant = await participants.find(ctx, room._id, role);
  if (participant === null || !isHolder(participant, holder)) return null;
  return isLive(participant.agentStatus) ? await leaveUnattended(ctx, participant) : null;
}

/** A command of a parked seat is a sign of life; one of a seat for which somebody beats renews nothing. */
export async function heardFrom(ctx: MutationCtx, known: Participant): Promise<void> {
  // What is known may be older than what the caller has done since, but nothing that it does parks a seat.
  if (known.parkedUntil === undefined) return;
  const row = await ctx.db.get("participants", known._id);
  const participant = row === null ? null : seated(row);
  if (participant?.parkedUntil === undefined || !isLive(participant.agentStatus)) return;
  await leaveUnattended(ctx, participant);
}

async function leaveUnattended(ctx: MutationCtx, participant: Participant): Promise<number> {
  const phase = participant.currentTaskId === undefined ? "parked" : "unattended";
  const { epoch, role } = participant;
  const parkedUntil = await leases.grant(ctx, participant, epoch, phase, role);
  await ctx.db.patch("participants", participant._id, { parkedUntil });
  return parkedUntil;
}

/** Gets up. Whoever lost the seat before leaves nothing. */
export async function leave(
  ctx: MutationCtx,
  { room, role }: Seated,
  { reason, ...holder }: Holder & { readonly reason?: string },
): Promise<AgentStatus> {
  const participant = await participants.ensure(ctx, room._id, role);
  if (!isHolder(participant, holder)) return participant.agentStatus;
  const agent = await seating.find(ctx, room._id, role);
  const stopped = agent?.desired === "stopped";
  const archived = room.archivedAt === undefined ? undefined : "its room was archived";
  const said = archived ?? (stopped ? undefined : reason);
  const given = said === undefined ? {} : { reason: said };
  const left = await participants.apply(ctx, participant, { type: "leave", stopped }, given);
  if (agent !== null) await commands.startAgain(ctx, agent);
  return left.participant.agentStatus;
}

/** Whether this is the process that the seat belongs to now. */
export function isHolder(participant: Participant, { epoch, holderId }: Holder): boolean {
  return participant.epoch === epoch && participant.holderId === holderId;
}
