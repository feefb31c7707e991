import { HOLDUP_KINDS, activityLine, holdup } from "@muster/core";
import type { Holdup, RoleFacts } from "@muster/core";
import { v } from "convex/values";
import type { Infer } from "convex/values";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { QueryCtx } from "../../_generated/server.js";
import { requireInTeam } from "../access/access.ts";
import * as participants from "../seats/participants.ts";
import { openOf } from "../questions/questions.ts";
import * as seating from "../seats/seating.ts";
import { oneOf } from "../validators.ts";
import type { Participant } from "../seats/seated.ts";

/** What is looked at of a role's queue: more than that waits for a longer reason. */
const QUEUE = 64;

export const holdupView = v.object({
  kind: oneOf(HOLDUP_KINDS),
  sentence: v.string(),
  since: v.union(v.number(), v.null()),
  command: v.string(),
  help: v.union(
    v.object({ action: oneOf(["start", "restart"]) }),
    v.object({ action: v.literal("retry"), taskId: v.string() }),
    v.null(),
  ),
});

/** `waiting` counts the role's pending tasks, up to 64. */
export const explanation = v.object({
  role: v.string(),
  ok: v.boolean(),
  holdup: v.union(holdupView, v.null()),
  waiting: v.number(),
});

/** For each role of the team, or the one given, the first thing that holds its work up. Reads no lease. */
export async function explain(
  ctx: QueryCtx,
  room: Doc<"rooms">,
  role?: string,
): Promise<Infer<typeof explanation>[]> {
  if (role !== undefined) requireInTeam(room, role);
  const roles = role === undefined ? room.team : [role];
  return await Promise.all(roles.map(async (one) => await explainRole(ctx, room, one)));
}

async function explainRole(ctx: QueryCtx, room: Doc<"rooms">, role: string) {
  const [agent, seat, queue] = await Promise.all([
    seating.find(ctx, room._id, role),
    participants.find(ctx, room._id, role),
    queueOf(ctx, room._id, role),
  ]);
  const { waiting, ...sorts } = queue;
  const found: Holdup | null = holdup({
    room: room.name,
    archivedAt: room.archivedAt ?? null,
    role,
    agent,
    machine: await machineOf(ctx, agent),
    seat: seat === null ? null : seatOf(seat),
    question: await questionOf(ctx, room._id, role),
    task: await taskOf(ctx, seat),
    queue: sorts,
  });
  return { role, ok: found === null, holdup: found, waiting };
}

async function machineOf(
  ctx: QueryCtx,
  agent: Doc<"agents"> | null,
): Promise<RoleFacts["machine"]> {
  const machine =
    agent?.machineId === undefined ? null : await ctx.db.get("machines", agent.machineId);
  if (agent === null || machine === null) return null;
  const { name, daemonConnected: connected, since, harnesses } = machine;
  const harness = harnesses.find((known) => known.name === agent.harness);
  const problem = harness === undefined ? unknown(agent.harness, name) : (harness.problem ?? null);
  return { name, connected, since, problem };
}

const unknown = (harness: string, machine: string) => ({
  message: `${machine} has no program "${harness}".`,
  command: "muster machine harness list",
});

function seatOf(participant: Participant): NonNullable<RoleFacts["seat"]> {
  const { agentStatus: status, since, reason, stalled, parkedUntil } = participant;
  const { lastExit, startedAt = 0 } = participant;
  const exit = lastExit !== undefined && lastExit.at >= startedAt ? lastExit : null;
  return {
    status,
    since,
    reason,
    stalled,
    parked: parkedUntil !== undefined,
    exit: exit === null ? null : { at: exit.at, lastWords: lastLine(exit.tail) },
  };
}

function lastLine(tail: string): string {
  return activityLine(tail.trimEnd().split("\n").at(-1) ?? "") ?? "";
}

async function questionOf(
  ctx: QueryCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<RoleFacts["question"]> {
  const [first] = await openOf(ctx, roomId, role);
  return first === undefined ? null : { title: first.title, since: first.askedAt };
}

async function taskOf(ctx: QueryCtx, seat: Participant | null): Promise<RoleFacts["task"]> {
  const id = seat?.currentTaskId;
  const task = id === undefined ? null : await ctx.db.get("tasks", id);
  return task === null ? null : { id: task._id, since: task.since, status: task.status };
}

async function queueOf(
  ctx: QueryCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<RoleFacts["queue"] & { readonly waiting: number }> {
  const pending = await ctx.db
    .query("tasks")
    .withIndex("by_roomId_and_role_and_status_and_heldBy_and_offered", (q) =>
      q.eq("roomId", roomId).eq("role", role).eq("status", "pending"),
    )
    .take(QUEUE);
  const free = pending.filter(({ heldBy }) => heldBy === undefined);
  return {
    held: heldOf(pending),
    offered: waitingSince(free.find(({ notBefore }) => notBefore === undefined)),
    backedOff: waitingSince(free.find(({ notBefore }) => notBefore !== undefined)),
    deadLetter: await deadLetterOf(ctx, roomId, role),
    waiting: pending.length,
  };
}

function heldOf(pending: readonly Doc<"tasks">[]): RoleFacts["queue"]["held"] {
  const held = pending.find(({ heldBy }) => heldBy !== undefined);
  if (held?.heldBy === undefined) return null;
  return { id: held._id, since: held.offered, by: held.heldBy };
}

function waitingSince(task: Doc<"tasks"> | undefined) {
  return task === undefined ? null : { id: task._id, since: task.offered };
}

/** A task that was given up matters until its role has finished a later one. */
async function deadLetterOf(
  ctx: QueryCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<RoleFacts["queue"]["deadLetter"]> {
  const last = async (status: "dead_letter" | "completed") =>
    await ctx.db
      .query("tasks")
      .withIndex("by_roomId_and_role_and_status_and_heldBy_and_offered", (q) =>
        q.eq("roomId", roomId).eq("role", role).eq("status", status),
      )
      .order("desc")
      .first();
  const dead = await last("dead_letter");
  if (dead === null) return null;
  const done = await last("completed");
  if (done !== null && done.since > dead.since) return null;
  return { id: dead._id, since: dead.since, reason: dead.reason ?? "given up" };
}
