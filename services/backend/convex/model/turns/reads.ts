import { MAX_TURN_EVENTS, lastDropped } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc } from "../../_generated/dataModel.js";
import type { QueryCtx } from "../../_generated/server.js";
import { notFound } from "../refusal.ts";
import { inRoom } from "../tasks/tasks.ts";
import { last } from "./ends.ts";
import type { turnEventView, turnView } from "./validators.ts";

const TURNS = 50;
const PAGE = 100;

type Room = Doc<"rooms">;
type TurnView = Infer<typeof turnView>;

/** The last turns of a task, oldest first. */
export async function ofTask(ctx: QueryCtx, room: Room, taskId: string): Promise<TurnView[]> {
  const task = await inRoom(ctx, room, taskId);
  const turns = await ctx.db
    .query("turns")
    .withIndex("by_taskId", (q) => q.eq("taskId", task._id))
    .order("desc")
    .take(TURNS);
  return turns.toReversed().map(view);
}

/** The role's running or last turn. */
export async function latest(ctx: QueryCtx, room: Room, role: string): Promise<TurnView | null> {
  const turn = await last(ctx, room._id, role);
  return turn === null ? null : view(turn);
}

/** A page of a turn's events, ascending. @throws `not_found` also for another room's turn */
export async function events(
  ctx: QueryCtx,
  room: Room,
  page: { readonly turnId: string; readonly after?: number; readonly limit?: number },
): Promise<Infer<typeof turnEventView>[]> {
  const id = ctx.db.normalizeId("turns", page.turnId);
  const turn = id === null ? null : await ctx.db.get("turns", id);
  if (turn?.roomId !== room._id) throw notFound(`turn "${page.turnId}"`);
  const limit = Math.min(Math.max(1, Math.floor(page.limit ?? PAGE)), MAX_TURN_EVENTS);
  const { after } = page;
  const range = ctx.db
    .query("turnEvents")
    .withIndex("by_turnId_and_seq", (q) => q.eq("turnId", turn._id).gt("seq", after ?? 0));
  const found =
    after === undefined
      ? (await range.order("desc").take(limit)).toReversed()
      : await range.order("asc").take(limit);
  return found.map(({ seq, at, event }) => Object.assign({ seq, at }, event));
}

function view(turn: Doc<"turns">): TurnView {
  const { _id, role, taskId, attempt, epoch, harness, status, usage, events: count } = turn;
  return {
    _id,
    role,
    taskId,
    attempt,
    epoch,
    harness,
    status,
    usage,
    stopReason: turn.stopReason ?? null,
    error: turn.error ?? null,
    events: count,
    dropped: lastDropped(count),
    startedAt: turn.startedAt,
    endedAt: turn.endedAt ?? null,
  };
}
