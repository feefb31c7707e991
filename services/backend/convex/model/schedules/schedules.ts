import {
  DASHBOARD,
  OK_TOKEN,
  cadenceProblem,
  firstDue,
  isTerminal,
  okTokenProblem,
  parseTarget,
  quietHoursProblem,
  scheduleNameProblem,
  targetProblem,
  textProblem,
} from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { requireInTeam } from "../access/access.ts";
import type { Member } from "../access/access.ts";
import * as heartbeatFiles from "./heartbeatFiles.ts";
import * as notices from "../rooms/notices.ts";
import { notFound, refusal, requireValid } from "../refusal.ts";
import { recipients } from "../inbox/routing.ts";
import * as scheduleSettings from "./settings.ts";
import type { Settings } from "./settings.ts";
import * as scheduleStates from "./states.ts";
import type { scheduleState } from "./validators.ts";
import * as tasks from "../tasks/tasks.ts";
import * as ticking from "./ticking.ts";
import * as ticks from "./ticks.ts";

type Schedule = Doc<"schedules">;
type State = Doc<"scheduleStates">;
type Given = Pick<Schedule, "role" | "name" | "kind" | "cadence"> & {
  readonly prompt?: string;
  readonly target?: string;
  readonly quietHours?: NonNullable<Schedule["quietHours"]>;
  readonly okToken?: string;
};

/** More than a person can keep an eye on. */
const MOST_IN_A_ROOM = 32;

/** Adds a schedule; it is armed if the room's schedules are on. */
export async function add(ctx: MutationCtx, { room, user }: Member, given: Given) {
  const { target = "none", okToken = OK_TOKEN, ...rest } = given;
  requireInTeam(room, given.role);
  requireGiven({ ...given, target, okToken });
  await requireReachable(ctx, room, target);
  await requireFree(ctx, room, given.name);
  const row = { ...rest, target, okToken, roomId: room._id, paused: false, createdBy: user._id };
  const scheduleId = await ctx.db.insert("schedules", row);
  await scheduleStates.begin(ctx, scheduleId);
  const { on } = await scheduleSettings.of(ctx, room._id);
  const { schedule, state } = await require(ctx, room, scheduleId);
  const nextDueAt = on ? await armFirst(ctx, schedule, state) : null;
  return { scheduleId, nextDueAt, on, note: note(room, on) };
}

/** From now on it ticks; a heartbeat's first tick waits for its machine to tell of the file, a few seconds at most. */
async function armFirst(
  ctx: MutationCtx,
  schedule: Schedule,
  state: State,
): Promise<number | null> {
  const until = await heartbeatFiles.awaited(ctx, schedule, state);
  return until === null
    ? await scheduleStates.armFirst(ctx, schedule, state)
    : await scheduleStates.armAt(ctx, schedule, state, until);
}

function requireGiven(given: Given & { readonly target: string; readonly okToken: string }): void {
  const { name, kind, cadence, prompt, target, quietHours, okToken } = given;
  requireValid(scheduleNameProblem(name));
  requireValid(cadenceProblem(cadence, Date.now()));
  requireValid(targetProblem(target));
  requireValid(okTokenProblem(okToken));
  if (quietHours !== undefined) requireValid(quietHoursProblem(quietHours));
  if (prompt === undefined)
    requireValid(kind === "prompt" ? "A prompt schedule needs the words to say." : null);
  const problem = prompt === undefined ? null : textProblem(prompt, "message");
  if (problem !== null) throw refusal(problem.kind, problem.message);
}

/** A channel that is named has to be one of a member's; who is meant by a word turns out at each tick. */
async function requireReachable(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  target: string,
): Promise<void> {
  if (parseTarget(target)?.type !== "channel") return;
  const found = await recipients(ctx, room, target, {});
  if (found !== null && found.length > 0) return;
  throw notFound(
    `channel "${target}" of a member of ${room.name}`,
    `${DASHBOARD}/<name> always is`,
  );
}

async function requireFree(ctx: MutationCtx, room: Doc<"rooms">, name: string): Promise<void> {
  const all = await ofRoom(ctx, room);
  if (all.length >= MOST_IN_A_ROOM)
    throw refusal("limit", `${room.name} has ${MOST_IN_A_ROOM} schedules already.`);
  if (all.some((other) => other.name === name))
    throw refusal("conflict", `${room.name} has a schedule "${name}" already.`);
}

function note(room: Doc<"rooms">, on: boolean): string {
  if (!scheduleSettings.isEnabled()) return "Schedules are switched off on this server.";
  return on
    ? "It ticks from now on."
    : `Schedules are off in ${room.name}: it ticks once they are switched on.`;
}

/** The schedules of a room, by name. */
export async function ofRoom(ctx: QueryCtx | MutationCtx, room: Doc<"rooms">): Promise<Schedule[]> {
  return await ctx.db
    .query("schedules")
    .withIndex("by_roomId_and_name", (q) => q.eq("roomId", room._id))
    .take(MOST_IN_A_ROOM);
}

/** The room's schedule by name or id, with its state. @throws `not_found` also for another room's */
export async function require(
  ctx: QueryCtx | MutationCtx,
  room: Doc<"rooms">,
  name: string,
): Promise<{ schedule: Schedule; state: State }> {
  const id = ctx.db.normalizeId("schedules", name);
  const schedule =
    id === null
      ? await ctx.db
          .query("schedules")
          .withIndex("by_roomId_and_name", (q) => q.eq("roomId", room._id).eq("name", name))
          .first()
      : await ctx.db.get("schedules", id);
  const state = schedule === null ? null : await scheduleStates.find(ctx, schedule._id);
  if (schedule === null || state === null || schedule.roomId !== room._id)
    throw notFound(`schedule "${name}"`, `muster schedule list --room ${room.name}`);
  return { schedule, state };
}

/** How a schedule stands, by what people want of it first. */
export function standing(
  { paused, cadence }: Schedule,
  { stopped, lastTickAt, nextDueAt }: State,
  { on }: Pick<Settings, "on">,
): Infer<typeof scheduleState> {
  if (stopped !== undefined) return "stopped";
  if (paused) return "paused";
  if (cadence.type === "once" && lastTickAt !== null && nextDueAt === null) return "done";
  return on && scheduleSettings.isEnabled() ? "active" : "off";
}

/** It ticks no more until it is resumed. */
export async function pause(ctx: MutationCtx, room: Doc<"rooms">, name: string) {
  const { schedule, state } = await require(ctx, room, name);
  await ctx.db.patch("schedules", schedule._id, { paused: true });
  await scheduleStates.disarm(ctx, state);
  await notices.settle(ctx, schedule, ["late", "capped"]);
  return { state: standing({ ...schedule, paused: true }, state, { on: true }) };
}

/** It ticks again: one by interval counts from its last tick. @throws `invalid` for a date that has passed */
export async function resume(ctx: MutationCtx, room: Doc<"rooms">, name: string) {
  const { schedule, state } = await require(ctx, room, name);
  requireValid(comesAgain(schedule, state) ? null : "Its date has passed: add a new one.");
  await ctx.db.patch("schedules", schedule._id, { paused: false });
  const fresh = { stopped: undefined, signInFailures: 0, resumedAt: Date.now() };
  await ctx.db.patch("scheduleStates", state._id, fresh);
  await notices.settle(ctx, schedule, ["stopped", "late", "capped"]);
  const { on } = await scheduleSettings.of(ctx, room._id);
  const ready = await require(ctx, room, schedule._id);
  const running = on && ready.state.nextDueAt !== null;
  const nextDueAt = running
    ? ready.state.nextDueAt
    : on
      ? await armFirst(ctx, ready.schedule, ready.state)
      : null;
  return { state: standing(ready.schedule, { ...ready.state, nextDueAt }, { on }), nextDueAt };
}

function comesAgain({ cadence }: Schedule, { lastTickAt, nextDueAt }: State): boolean {
  if (nextDueAt !== null) return true;
  const next = firstDue(cadence, lastTickAt, Date.now());
  return next !== null && (cadence.type !== "once" || next > Date.now());
}

/** One tick now, by a person's hand. It decides like any other, spacing and quiet hours aside. */
export async function run(ctx: MutationCtx, room: Doc<"rooms">, name: string) {
  const { schedule } = await require(ctx, room, name);
  const dueAt = Date.now();
  const claimed = await ticks.claim(ctx, schedule, { dueAt, missed: 0, manual: true });
  if (claimed === null) throw refusal("limit", `${schedule.name} has ticked this very moment.`);
  await ticking.decide(ctx, claimed);
  const tick = await ctx.db.get("ticks", claimed._id);
  if (tick === null) throw new Error("A tick that was just there is missing.");
  const { status, reason = null, detail = null } = tick;
  return { tickId: tick._id, status, reason, detail };
}

/** It is gone; what it has asked for and nobody has taken is cancelled, and a task that is taken goes on. */
export async function remove(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  name: string,
): Promise<{ taken: Id<"tasks"> | null }> {
  const { schedule, state } = await require(ctx, room, name);
  const taken = await cancelWaiting(ctx, schedule._id);
  await notices.settle(ctx, schedule);
  await ctx.db.delete("scheduleStates", state._id);
  await ctx.db.delete("schedules", schedule._id);
  return { taken };
}

/** Answers the task that its role has taken: one at a time does so. */
async function cancelWaiting(
  ctx: MutationCtx,
  scheduleId: Id<"schedules">,
): Promise<Id<"tasks"> | null> {
  let taken: Id<"tasks"> | null = null;
  const woken = await ctx.db
    .query("ticks")
    .withIndex("by_scheduleId_and_status", (q) =>
      q.eq("scheduleId", scheduleId).eq("status", "woken"),
    )
    .take(16);
  for (const { taskId } of woken) {
    const task = taskId === undefined ? null : await ctx.db.get("tasks", taskId);
    if (task?.status === "pending") await tasks.transitionTask(ctx, task, { type: "cancelTask" });
    else if (task !== null && !isTerminal(task.status)) taken = task._id;
  }
  return taken;
}

/** Changes a room's settings; switching on arms what is active, switching off disarms everything. */
export async function configure(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  given: Parameters<typeof scheduleSettings.change>[2],
) {
  const before = await scheduleSettings.of(ctx, room._id);
  const settings = await scheduleSettings.change(ctx, room._id, given);
  if (settings.on !== before.on) await turnAll(ctx, room, settings.on);
  return scheduleSettings.view(settings);
}

/** Arms what ticks by itself in the room, or nothing of it any more. */
export async function turnAll(ctx: MutationCtx, room: Doc<"rooms">, on: boolean): Promise<void> {
  for (const schedule of await ofRoom(ctx, room)) await turn(ctx, schedule, on);
}

async function turn(ctx: MutationCtx, schedule: Schedule, on: boolean): Promise<void> {
  const state = await scheduleStates.find(ctx, schedule._id);
  if (state === null) return;
  if (!on) return await scheduleStates.disarm(ctx, state);
  if (schedule.paused || state.stopped !== undefined) return;
  if (comesAgain(schedule, state)) await armFirst(ctx, schedule, state);
  else await letPass(ctx, schedule, state);
}

/** A date that came while the room was off is not made up for: nobody would expect it now. */
async function letPass(ctx: MutationCtx, schedule: Schedule, state: State): Promise<void> {
  if (schedule.cadence.type !== "once" || state.lastTickAt !== null) return;
  const { at: dueAt } = schedule.cadence;
  const tick = await ticks.claim(ctx, schedule, { dueAt, missed: 0, manual: false });
  if (tick !== null) await ticks.skip(ctx, tick, "disabled");
  await ctx.db.patch("scheduleStates", state._id, { lastTickAt: Date.now() });
}
