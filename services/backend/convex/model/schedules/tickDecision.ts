import {
  COALESCE_MS,
  WAKE_SPACING_MS,
  WAKE_WINDOW_MS,
  isLive,
  isQuiet,
  nextWakeAt,
  showsAnything,
  visibilityOf,
} from "@muster/core";
import type { SkipReason } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import * as brakes from "./brakes.ts";
import { look } from "./dueWork.ts";
import type { Due, NothingDue } from "./dueWork.ts";
import * as notices from "../rooms/notices.ts";
import * as participants from "../seats/participants.ts";
import * as scheduleSettings from "./settings.ts";
import type { Settings } from "./settings.ts";
import * as scheduleStates from "./states.ts";
import * as seating from "../seats/seating.ts";
import { wakeRole } from "./tickWake.ts";
import * as ticks from "./ticks.ts";

/** What a decision looks at. */
type Case = {
  readonly tick: Doc<"ticks">;
  readonly schedule: Doc<"schedules">;
  readonly state: Doc<"scheduleStates">;
  readonly room: Doc<"rooms">;
  readonly settings: Settings;
};

/** Wakes the role, or skips with the first reason that holds. No model is asked. */
export async function decide(ctx: MutationCtx, tick: Doc<"ticks">): Promise<null> {
  const schedule = await ctx.db.get("schedules", tick.scheduleId);
  const state = schedule === null ? null : await scheduleStates.find(ctx, schedule._id);
  if (schedule === null || state === null || tick.status !== "due") return null;
  const room = await ctx.db.get("rooms", schedule.roomId);
  if (room === null || room.archivedAt !== undefined) {
    await scheduleStates.disarm(ctx, state);
    await ticks.skip(ctx, tick, "room-archived");
    return null;
  }
  const settings = await scheduleSettings.of(ctx, room._id);
  const found = await judge(ctx, { tick, schedule, state, room, settings });
  if ("skip" in found) await ticks.skip(ctx, tick, found.skip, found.detail);
  else await wakeRole(ctx, { tick, schedule, state, room }, found);
  return null;
}

/** The order of these questions is the order of the skip reasons. */
async function judge(
  ctx: MutationCtx,
  given: Case,
): Promise<NothingDue | (Due & { wakeAt: number })> {
  const { tick, schedule, state, room, settings } = given;
  const now = Date.now();
  if (!scheduleSettings.isEnabled() || !settings.on) return { skip: "disabled" };
  if (!showsAnything(visibilityOf(settings.visibility))) return { skip: "nothing-shown" };
  const quiet = schedule.quietHours;
  if (!tick.manual && quiet !== undefined && isQuiet(quiet, now)) return { skip: "quiet-hours" };
  const away = await unreachable(ctx, schedule);
  if (away !== null) return { skip: "agent-offline", detail: away };
  const waits = await stillWaits(ctx, schedule);
  if (waits !== null) return waits;
  const recent = await recentWakes(ctx, room);
  if (!tick.manual && isSecond(tick, recent, now)) return { skip: "coalesced" };
  const due = schedule.kind === "prompt" ? SAYS_SO : await look(ctx, schedule, state);
  if ("skip" in due) return due;
  const spent = await brakes.capped(ctx, schedule, settings);
  if (spent !== null) return { skip: "capped", detail: spent };
  const idle = !tick.manual && (await brakes.stoppedIdle(ctx, room, schedule, state, settings));
  if (idle) return { skip: "stopped" };
  const wakes = recent.map(({ role, wakeAt = 0 }) => ({ role, at: wakeAt }));
  return { ...due, wakeAt: tick.manual ? now : nextWakeAt(schedule.role, wakes, now) };
}

const SAYS_SO: Due = { due: [], text: null };

/** Why the role cannot be woken, in words; null when it can. */
async function unreachable(
  ctx: MutationCtx,
  { roomId, role }: Doc<"schedules">,
): Promise<string | null> {
  const participant = await participants.find(ctx, roomId, role);
  const status = participant?.agentStatus ?? "offline";
  const agent = await seating.find(ctx, roomId, role);
  if (agent === null || agent.type === "custom") {
    const sits = isLive(status) || participant?.parkedUntil !== undefined;
    return sits ? null : `${role} is run by a person and not here`;
  }
  if (agent.desired === "stopped") return `${role} is stopped`;
  if (isLive(status)) return null;
  if (status === "dead_failed_revive") return `${role} was given up: a person starts it again`;
  const machine =
    agent.machineId === undefined ? null : await ctx.db.get("machines", agent.machineId);
  return machine?.daemonConnected === true ? null : `the machine of ${role} is not connected`;
}

/** A tick during a turn waits in the queue; another one on top of it does not, and people hear of it. */
async function stillWaits(
  ctx: MutationCtx,
  schedule: Doc<"schedules">,
): Promise<{ skip: SkipReason; detail: string } | null> {
  const woken = await ctx.db
    .query("ticks")
    .withIndex("by_scheduleId_and_status", (q) =>
      q.eq("scheduleId", schedule._id).eq("status", "woken"),
    )
    .order("desc")
    .take(4);
  for (const { taskId } of woken) {
    const task = taskId === undefined ? null : await ctx.db.get("tasks", taskId);
    if (task?.status !== "pending") continue;
    const text = `${schedule.role} has not taken up the last tick of ${schedule.name} for a whole period.`;
    await notices.raise(ctx, schedule, { kind: "unanswered", text });
    return { skip: "busy", detail: "its last tick waits in the queue" };
  }
  return null;
}

/** Wakes that spacing looks at: those within the last minute, and those that are still to come. */
async function recentWakes(ctx: MutationCtx, room: Doc<"rooms">): Promise<Doc<"ticks">[]> {
  const since = Date.now() - Math.max(WAKE_WINDOW_MS, WAKE_SPACING_MS);
  const found = await ticks.wakesAfter(ctx, room._id, since, 256);
  return found.filter(({ manual }) => !manual);
}

function isSecond(tick: Doc<"ticks">, recent: readonly Doc<"ticks">[], now: number): boolean {
  const near = (at = 0) => Math.abs(at - now) <= COALESCE_MS;
  return (
    tick.kind === "heartbeat" &&
    recent.some(
      ({ role, kind, wakeAt }) => role === tick.role && kind === "heartbeat" && near(wakeAt),
    )
  );
}
