import {
  DELIVERY_STATUSES,
  SCHEDULE_STOPS,
  SKIP_REASONS,
  TICK_OUTCOMES,
  TICK_STATUSES,
} from "@muster/core";
import { v } from "convex/values";
import { oneOf } from "../validators.ts";

export const scheduleKind = oneOf(["heartbeat", "prompt"]);
export const cadence = v.union(
  v.object({ type: v.literal("interval"), everyMs: v.number() }),
  v.object({ type: v.literal("cron"), expression: v.string(), zone: v.string() }),
  v.object({ type: v.literal("once"), at: v.number() }),
);
export const quietHours = v.object({ from: v.string(), to: v.string(), zone: v.string() });
export const visibility = v.object({
  showOk: v.boolean(),
  showAlerts: v.boolean(),
  indicator: v.boolean(),
});
/** What somebody has set of it; the rest is taken from the next place. */
export const someVisibility = v.object({
  showOk: v.optional(v.boolean()),
  showAlerts: v.optional(v.boolean()),
  indicator: v.optional(v.boolean()),
});
export const stopped = v.object({ reason: oneOf(SCHEDULE_STOPS), at: v.number() });
export const scheduleState = oneOf(["active", "paused", "stopped", "done", "off"]);

export const tickStatus = oneOf(TICK_STATUSES);
export const tickOutcome = oneOf(TICK_OUTCOMES);
export const skipReason = oneOf(SKIP_REASONS);
export const sentText = v.object({ hash: v.string(), at: v.number() });

export const counts = v.object({
  ticks: v.number(),
  wakes: v.number(),
  oks: v.number(),
  alerts: v.number(),
  duplicates: v.number(),
  failures: v.number(),
  sent: v.number(),
  retries: v.number(),
  dead: v.number(),
  cost: v.number(),
  skips: v.record(v.string(), v.number()),
});

/** How a machine found a role's HEARTBEAT.md. */
export const reportedFile = v.union(
  v.object({ state: v.literal("read"), text: v.string() }),
  v.object({ state: v.literal("missing") }),
  v.object({ state: v.literal("unreadable"), reason: v.string() }),
  v.object({ state: v.literal("too_large"), bytes: v.number() }),
);
export const fileState = oneOf(["read", "missing", "unreadable", "too_large"]);

export const deliveryStatus = oneOf(DELIVERY_STATUSES);
export const noticeKind = oneOf([
  "restart",
  "upgrade",
  "cleanup",
  "late",
  "unanswered",
  "capped",
  "stopped",
]);
/** What a notice's button does: `resume` its schedule, `configure` the room's caps. */
export const noticeAction = oneOf(["resume", "configure"]);

const nullable = {
  string: v.union(v.string(), v.null()),
  number: v.union(v.number(), v.null()),
};

export const caps = {
  runsPerDay: v.number(),
  costPerDay: v.number(),
  idleDays: v.number(),
};
/** A room's settings; `enabled` is the deployment's switch. */
export const settingsView = v.object({
  on: v.boolean(),
  enabled: v.boolean(),
  visibility,
  ...caps,
});

export const scheduleView = v.object({
  _id: v.id("schedules"),
  name: v.string(),
  role: v.string(),
  kind: scheduleKind,
  cadence,
  prompt: nullable.string,
  target: v.string(),
  quietHours: v.union(quietHours, v.null()),
  okToken: v.string(),
  state: scheduleState,
  stopped: v.union(stopped, v.null()),
  nextDueAt: nullable.number,
  expectedBy: nullable.number,
  lastTickAt: nullable.number,
  lastTick: v.union(
    v.object({
      status: tickStatus,
      reason: v.union(skipReason, v.null()),
      outcome: v.union(tickOutcome, v.null()),
      at: v.number(),
    }),
    v.null(),
  ),
  failures: v.number(),
  counts,
});

export const tickView = v.object({
  _id: v.id("ticks"),
  dueAt: v.number(),
  at: v.number(),
  manual: v.boolean(),
  missed: v.number(),
  status: tickStatus,
  reason: v.union(skipReason, v.null()),
  detail: nullable.string,
  due: v.array(v.string()),
  taskId: v.union(v.id("tasks"), v.null()),
  outcome: v.union(tickOutcome, v.null()),
  text: nullable.string,
  withheld: v.union(skipReason, v.null()),
  cost: v.number(),
  endedAt: nullable.number,
});

export const inboxView = v.object({
  _id: v.id("deliveries"),
  channel: v.string(),
  status: deliveryStatus,
  roomId: v.id("rooms"),
  roomName: v.string(),
  role: v.string(),
  title: v.string(),
  text: v.string(),
  at: v.number(),
  seenAt: nullable.number,
  notBefore: nullable.number,
  reason: nullable.string,
  attempt: v.number(),
});

export const inboxSettingsView = v.object({
  quietHours: v.union(quietHours, v.null()),
  visibility: someVisibility,
  channels: v.array(v.string()),
});

export const noticeView = v.object({
  _id: v.id("notices"),
  scope: oneOf(["server", "room"]),
  kind: noticeKind,
  text: v.string(),
  action: v.union(noticeAction, v.null()),
  roomId: v.union(v.id("rooms"), v.null()),
  roomName: nullable.string,
  scheduleId: v.union(v.id("schedules"), v.null()),
  at: v.number(),
});
