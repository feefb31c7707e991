import {
  MAX_EVENTS_AT_ONCE,
  TEXT_LIMITS,
  activityLine,
  eventProblem,
  headOf,
  isHeld,
  isLive,
  isTerminal,
  lastDropped,
  unrecorded,
  usageProblem,
} from "@muster/core";
import type { StopReason, Usage } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import type { Seated } from "../access/access.ts";
import * as activities from "./activities.ts";
import { letGo } from "../tasks/cancel.ts";
import { claim, holdsToken, ownTask, requireLive, stale, start } from "../tasks/claims.ts";
import type { Claim, Fence } from "../tasks/claims.ts";
import * as diffs from "../tasks/diffs.ts";
import * as participants from "../seats/participants.ts";
import { notFound, refusal, requireFields, requireValid } from "../refusal.ts";
import { finish, last, lose } from "./ends.ts";
import { timing } from "../timing.ts";
import type { turnEvent } from "./validators.ts";
import type { Participant } from "../seats/seated.ts";

type Turn = Doc<"turns">;
type Named = { readonly turnId: string; readonly epoch: number };

/** Begins a turn of the role; one that nobody has ended is lost by it. `graceMs` is its time once its task is over. */
export async function begin(
  ctx: MutationCtx,
  caller: Seated,
  { harness, ...fence }: Fence & { readonly harness: string },
): Promise<{ turnId: Id<"turns">; graceMs: number }> {
  requireFields({ harness });
  await requireLive(ctx, caller, fence.epoch);
  const task = await requireClaimed(ctx, caller, fence);
  const { roomId, role, attempt } = task;
  await lose(ctx, { roomId, role });
  const turnId = await ctx.db.insert("turns", {
    roomId,
    role,
    taskId: task._id,
    attempt,
    epoch: fence.epoch,
    harness,
    status: "running",
    usage: {},
    events: 0,
    startedAt: Date.now(),
  });
  return { turnId, graceMs: timing().TURN_GRACE_MS };
}

/** Claims a task and begins to work on it at once. Said again by the same claim, it is answered again. */
export async function take(
  ctx: MutationCtx,
  caller: Seated,
  { harness, ...asked }: Claim & { readonly harness: string },
) {
  const claimed = await claim(ctx, caller, asked);
  const { id: taskId, attempt } = claimed.task;
  const fence = { taskId, epoch: asked.epoch, token: claimed.token };
  await start(ctx, caller, fence);
  const newest = await last(ctx, caller.room._id, caller.role);
  const known = newest?.status === "running" && newest.epoch === asked.epoch ? newest : null;
  if (known?.taskId === taskId && known.attempt === attempt)
    return { ...claimed, turn: { turnId: known._id, graceMs: timing().TURN_GRACE_MS } };
  return { ...claimed, turn: await begin(ctx, caller, { ...fence, harness }) };
}

/** The task, when this epoch holds it by its last token. @throws `stale_claim` */
export async function requireClaimed(
  ctx: MutationCtx,
  caller: Seated,
  fence: Fence,
): Promise<Doc<"tasks">> {
  const task = await ownTask(ctx, caller, fence.taskId);
  const valid = task.epoch === fence.epoch && (await holdsToken(task, fence.token));
  if (!valid || !isHeld(task.status)) throw stale();
  return task;
}

type Batch = Named & {
  readonly from: number;
  readonly events: readonly Infer<typeof turnEvent>[];
  readonly activity?: string | null;
  readonly usage?: Usage;
};

/** Adds what is new of a batch, and lets go of the oldest events beyond the bound. */
export async function record(
  ctx: MutationCtx,
  caller: Seated,
  { from, events, activity, usage = {}, ...named }: Batch,
): Promise<Record<string, never>> {
  requireBatch(events, usage);
  const turn = await own(ctx, caller, named.turnId);
  const participant = await speaker(ctx, caller, turn, named);
  if (participant === null || (await isOver(ctx, turn))) return {};
  const added = unrecorded(turn.events, from, events);
  if (added === null)
    throw refusal(
      "conflict",
      `The turn has ${turn.events} events, so ${from} is not the next one.`,
    );
  const recorded = turn.events + added.length;
  for (const [index, event] of added.entries()) {
    const seq = turn.events + 1 + index;
    await ctx.db.insert("turnEvents", { turnId: turn._id, seq, at: Date.now(), event });
  }
  await dropOldest(ctx, turn, recorded);
  const live = isLive(participant.agentStatus);
  await ctx.db.patch("turns", turn._id, {
    events: recorded,
    usage: { ...turn.usage, ...usage },
    ...(live ? GOES_ON : {}),
  });
  if (live && activity !== undefined && !(await isFinishing(ctx, turn)))
    await activities.show(ctx, participant._id, activityLine(activity ?? ""));
  return {};
}

/** A turn that was taken for lost while its agent was out of reach goes on after all. */
const GOES_ON = { status: "running", stopReason: undefined, endedAt: undefined } as const;

/** Its task is over: that it still talks matters more than what it says. */
async function isFinishing(ctx: MutationCtx, { taskId }: Turn): Promise<boolean> {
  const task = await ctx.db.get("tasks", taskId);
  return task !== null && isTerminal(task.status);
}

function requireBatch(events: Batch["events"], usage: Usage): void {
  if (events.length > MAX_EVENTS_AT_ONCE)
    throw refusal("too_large", `At most ${MAX_EVENTS_AT_ONCE} events are recorded at once.`);
  for (const { body } of events) {
    const problem = eventProblem(body);
    if (problem !== null) throw refusal("too_large", problem);
  }
  requireValid(usageProblem(usage));
}

async function dropOldest(ctx: MutationCtx, turn: Turn, recorded: number): Promise<void> {
  const old = await ctx.db
    .query("turnEvents")
    .withIndex("by_turnId_and_seq", (q) =>
      q.eq("turnId", turn._id).lte("seq", lastDropped(recorded)),
    )
    .take(MAX_EVENTS_AT_ONCE);
  for (const { _id } of old) await ctx.db.delete("turnEvents", _id);
}

type End = Named & {
  readonly stopReason: StopReason;
  readonly usage?: Usage;
  readonly error?: string;
  readonly from?: number;
  readonly events?: Batch["events"];
  readonly diff?: diffs.Diff;
};

/** The harness stopped. Said late or twice, it changes nothing. */
export async function end(
  ctx: MutationCtx,
  caller: Seated,
  { stopReason, usage = {}, error, from = 1, events = [], diff, ...named }: End,
): Promise<Record<string, never>> {
  requireValid(usageProblem(usage));
  if (events.length > 0) await record(ctx, caller, { ...named, from, events });
  const turn = await own(ctx, caller, named.turnId);
  const participant = await speaker(ctx, caller, turn, named);
  if (participant === null || (await isOver(ctx, turn))) return {};
  const words = error === undefined ? undefined : headOf(error, TEXT_LIMITS.tail);
  await finish(ctx, turn, { stopReason, usage, error: words });
  if (diff !== undefined) await diffs.record(ctx, caller, { ...named, taskId: turn.taskId, diff });
  await activities.show(ctx, participant._id, null);
  await letGo(ctx, participant);
  return {};
}

/** A turn that was lost is over only when somebody has ended it since, or the role's next one has begun. */
async function isOver(ctx: MutationCtx, turn: Turn): Promise<boolean> {
  if (turn.status === "running") return false;
  const newest = await last(ctx, turn.roomId, turn.role);
  return turn.stopReason !== "lost" || newest?._id !== turn._id;
}

/** Whoever sits in the role now, if it is the epoch whose turn this is. */
async function speaker(
  ctx: MutationCtx,
  caller: Seated,
  turn: Turn,
  { epoch }: Named,
): Promise<Participant | null> {
  const participant = await participants.find(ctx, caller.room._id, caller.role);
  return turn.epoch === epoch && participant?.epoch === epoch ? participant : null;
}

/** @throws `not_found` also for another role's turn */
export async function own(
  ctx: QueryCtx | MutationCtx,
  caller: Seated,
  turnId: string,
): Promise<Turn> {
  const id = ctx.db.normalizeId("turns", turnId);
  const turn = id === null ? null : await ctx.db.get("turns", id);
  if (turn?.roomId !== caller.room._id || turn.role !== caller.role)
    throw notFound(`turn "${turnId}" of ${caller.role}`);
  return turn;
}
