import { defineTable } from "convex/server";
import { v } from "convex/values";
import {
  cadence,
  caps,
  counts,
  deliveryStatus,
  fileState,
  noticeAction,
  noticeKind,
  quietHours,
  scheduleKind,
  sentText,
  skipReason,
  someVisibility,
  stopped,
  tickOutcome,
  tickStatus,
} from "./validators.ts";

/** Turns on a schedule, what comes of them, and their way to people. */
export const scheduleTables = {
  // Written by people alone; read by the list, each tick, and the machine's daemon.
  schedules: defineTable({
    roomId: v.id("rooms"),
    role: v.string(),
    name: v.string(),
    kind: scheduleKind,
    cadence,
    prompt: v.optional(v.string()),
    target: v.string(),
    quietHours: v.optional(quietHours),
    okToken: v.string(),
    paused: v.boolean(),
    createdBy: v.id("users"),
  })
    .index("by_roomId_and_name", ["roomId", "name"])
    .index("by_roomId_and_role", ["roomId", "role"]),

  // Written by ticks and what comes of them; read by the deadline worker and the list.
  scheduleStates: defineTable({
    scheduleId: v.id("schedules"),
    /** Null while nothing is armed: paused, stopped, done, or off in its room. */
    nextDueAt: v.union(v.number(), v.null()),
    /** When it was armed, by the clock of then: in the future, the clock was set back since. */
    armedAt: v.union(v.number(), v.null()),
    /** The due time after which it should have ticked again: what its lateness is measured by. */
    expectedBy: v.union(v.number(), v.null()),
    lastTickAt: v.union(v.number(), v.null()),
    lastWokenAt: v.union(v.number(), v.null()),
    /** What HEARTBEAT.md asked for when the role was woken last. */
    lastFileHash: v.optional(v.string()),
    /** Texts that were sent within the last day. */
    sent: v.array(sentText),
    /** Ticks in a row whose task was given up or whose turn failed. */
    failures: v.number(),
    signInFailures: v.number(),
    /** A person resumed it: idle days count from here. */
    resumedAt: v.optional(v.number()),
    stopped: v.optional(stopped),
    counts,
  })
    .index("by_scheduleId", ["scheduleId"])
    .index("by_nextDueAt", ["nextDueAt"])
    .index("by_armedAt", ["armedAt"]),

  // Written by model/schedules/ticks alone, one row per schedule and due time; read by the next tick and the history.
  ticks: defineTable({
    scheduleId: v.id("schedules"),
    roomId: v.id("rooms"),
    role: v.string(),
    kind: scheduleKind,
    dueAt: v.number(),
    at: v.number(),
    manual: v.boolean(),
    /** Due times that passed unseen before this one. */
    missed: v.number(),
    status: tickStatus,
    reason: v.optional(skipReason),
    detail: v.optional(v.string()),
    /** What its agent was told to answer when all is well, whatever becomes of the schedule meanwhile. */
    okToken: v.optional(v.string()),
    /** What was due, in words. */
    due: v.array(v.string()),
    taskId: v.optional(v.id("tasks")),
    /** When the role is woken; later than the tick when wakes were too close. */
    wakeAt: v.optional(v.number()),
    outcome: v.optional(tickOutcome),
    text: v.optional(v.string()),
    withheld: v.optional(skipReason),
    cost: v.number(),
    endedAt: v.optional(v.number()),
  })
    .index("by_scheduleId_and_dueAt", ["scheduleId", "dueAt"])
    .index("by_scheduleId_and_status", ["scheduleId", "status"])
    .index("by_roomId_and_wakeAt", ["roomId", "wakeAt"])
    .index("by_at", ["at"]),

  // Written by people, one row a room; read by each tick and the list.
  scheduleSettings: defineTable({
    roomId: v.id("rooms"),
    on: v.boolean(),
    visibility: someVisibility,
    ...caps,
  }).index("by_roomId", ["roomId"]),

  // Written by a role's machine when the file has changed; read by each heartbeat.
  heartbeatFiles: defineTable({
    roomId: v.id("rooms"),
    role: v.string(),
    machineId: v.id("machines"),
    state: fileState,
    text: v.optional(v.string()),
    reason: v.optional(v.string()),
    at: v.number(),
  }).index("by_roomId_and_role", ["roomId", "role"]),

  // Written by the front end of a channel when a person links it; read by routing. The dashboard needs no row.
  channels: defineTable({
    userId: v.id("users"),
    kind: v.string(),
    /** Whom the carrier sends to: a chat's number, an address. */
    address: v.string(),
    /** The machine whose program sends. */
    carrierId: v.id("machines"),
    visibility: v.optional(someVisibility),
  }).index("by_userId_and_kind", ["userId", "kind"]),

  // Written by that person; read by routing.
  inboxSettings: defineTable({
    userId: v.id("users"),
    quietHours: v.optional(quietHours),
    /** Of the dashboard. */
    visibility: someVisibility,
  }).index("by_userId", ["userId"]),

  // Written by model/inbox/deliveries alone (seenAt by the person who reads it): the outbox, and the person's inbox.
  deliveries: defineTable({
    userId: v.id("users"),
    roomId: v.id("rooms"),
    role: v.string(),
    scheduleId: v.id("schedules"),
    messageId: v.optional(v.id("messages")),
    channel: v.string(),
    address: v.optional(v.string()),
    carrierId: v.optional(v.id("machines")),
    title: v.string(),
    text: v.string(),
    at: v.number(),
    status: deliveryStatus,
    /** Claims so far; the fence of whatever its carrier reports. */
    attempt: v.number(),
    triesLeft: v.number(),
    /** When the deadline worker looks at it again. Null once it is sent or dead. */
    dueAt: v.union(v.number(), v.null()),
    receipt: v.optional(v.string()),
    reason: v.optional(v.string()),
    endedAt: v.optional(v.number()),
    seenAt: v.optional(v.number()),
  })
    .index("by_userId_and_channel_and_status", ["userId", "channel", "status"])
    .index("by_userId_and_channel_and_seenAt", ["userId", "channel", "seenAt"])
    .index("by_carrierId_and_status", ["carrierId", "status"])
    .index("by_dueAt", ["dueAt"])
    .index("by_endedAt", ["endedAt"]),

  // Written by model/rooms/notices alone; read by everybody who is connected.
  notices: defineTable({
    /** Absent: it is about the server. */
    roomId: v.optional(v.id("rooms")),
    scheduleId: v.optional(v.id("schedules")),
    kind: noticeKind,
    text: v.string(),
    action: v.optional(noticeAction),
    at: v.number(),
    /** When a server's notice ends by itself. */
    endsAt: v.optional(v.number()),
    endedAt: v.optional(v.number()),
  })
    .index("by_roomId_and_endedAt", ["roomId", "endedAt"])
    .index("by_endsAt", ["endsAt"])
    .index("by_endedAt", ["endedAt"]),
};
