import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import {
  activity,
  agentStatus,
  agentType,
  askedBy,
  commandKind,
  commandStatus,
  credentialKind,
  desired,
  harness,
  heldTaskStatus,
  lastExit,
  leasePhase,
  messageType,
  right,
  sender,
  taskStatus,
} from "./model/validators.ts";
import { scheduleTables } from "./model/schedules/tables.ts";
import {
  approvalStatus,
  askedKind,
  diff,
  option,
  stopReason,
  turnEvent,
  turnStatus,
  usage,
} from "./model/turns/validators.ts";

export default defineSchema({
  ...scheduleTables,

  // Written by bootstrap; read by every access check.
  users: defineTable({ name: v.string() }).index("by_name", ["name"]),

  // Written by minting and revoking, by no exchange and no beat; read by every access check.
  credentials: defineTable({
    kind: credentialKind,
    userId: v.id("users"),
    label: v.string(),
    /** SHA-256 of the secret; a seat that a person exchanged for has none. */
    secretHash: v.optional(v.string()),
    machineId: v.optional(v.id("machines")),
    roomId: v.optional(v.id("rooms")),
    role: v.optional(v.string()),
    /** The one generation of the seat that a started agent's credential speaks for. */
    epoch: v.optional(v.number()),
    /** Revoking the parent revokes this one. */
    parentId: v.optional(v.id("credentials")),
    revokedAt: v.optional(v.number()),
    /** The generation it speaks for is over: a process that carries it hears that another took its seat. */
    supersededAt: v.optional(v.number()),
  })
    .index("by_secretHash", ["secretHash"])
    .index("by_parentId_and_roomId_and_role", ["parentId", "roomId", "role"])
    .index("by_machineId", ["machineId"])
    .index("by_roomId_and_role_and_epoch", ["roomId", "role", "epoch"]),

  // Written by auth.exchange, at most hourly; read by no access check.
  credentialUses: defineTable({
    credentialId: v.id("credentials"),
    lastUsedAt: v.number(),
  }).index("by_credentialId", ["credentialId"]),

  // Written by what is rated (see model/rates) and the clean-up; read by nothing else.
  rates: defineTable({ key: v.string(), tokens: v.number(), at: v.number() })
    .index("by_key", ["key"])
    .index("by_at", ["at"]),

  // Written by sign-in and its expiry; read by sign-in.
  signInCodes: defineTable({
    userId: v.id("users"),
    /** The public half, by which a wrong guess finds the row whose tries it uses up. */
    handle: v.string(),
    secretHash: v.string(),
    triesLeft: v.number(),
    expiresAt: v.number(),
  })
    .index("by_handle", ["handle"])
    .index("by_expiresAt", ["expiresAt"]),

  // Written by people who create or change a room; read by every function of the room.
  rooms: defineTable({
    name: v.string(),
    ownerId: v.id("users"),
    team: v.array(v.string()),
    entryRole: v.string(),
    /** Since when nothing happens in it any more; only reading goes on. */
    archivedAt: v.optional(v.number()),
    /** The name of whoever archived it. */
    archivedBy: v.optional(v.string()),
  }),

  // Written by people; read by every access check. The name is copied for finding a room by it.
  members: defineTable({
    roomId: v.id("rooms"),
    userId: v.id("users"),
    roomName: v.string(),
    rights: v.array(right),
  })
    .index("by_roomId_and_userId", ["roomId", "userId"])
    .index("by_userId_and_roomName", ["userId", "roomName"]),

  // Written by people; read by the panel, the machine's daemon and whoever wakes an agent.
  agents: defineTable({
    roomId: v.id("rooms"),
    role: v.string(),
    type: agentType,
    desired,
    harness: v.string(),
    machineId: v.optional(v.id("machines")),
    model: v.optional(v.string()),
    workingDir: v.optional(v.string()),
  })
    .index("by_roomId_and_role", ["roomId", "role"])
    .index("by_machineId", ["machineId"]),

  // Written by model/seats/participants (agentStatus by `apply` alone), by no beat; read by the panel.
  participants: defineTable({
    roomId: v.id("rooms"),
    role: v.string(),
    /** Absent in rows that are older than it; model/seats/seated derives it for them. */
    agentStatus: v.optional(agentStatus),
    since: v.number(),
    reason: v.string(),
    epoch: v.number(),
    holderId: v.optional(v.string()),
    /** Who lost the seat last and when: that holder must ask to take it over for a minute. */
    displaced: v.optional(v.object({ holderId: v.string(), at: v.number() })),
    currentTaskId: v.optional(v.id("tasks")),
    /** Only in older rows: it has a table of its own now. */
    activity: v.optional(activity),
    /** A question of the current epoch is open, or a task of the role is held for a person. */
    needsYou: v.boolean(),
    stalled: v.boolean(),
    /** Restarting what was not running: people read STARTING. */
    starting: v.boolean(),
    pid: v.optional(v.number()),
    startedAt: v.optional(v.number()),
    lastExit: v.optional(lastExit),
    /** Set while nobody beats for a seat that a person's own tool holds. */
    parkedUntil: v.optional(v.number()),
  })
    // The epoch is in it so that a waiter can watch for a newer one and for nothing else.
    .index("by_roomId_and_role_and_epoch", ["roomId", "role", "epoch"])
    // So that a daemon can watch who is down and not what those who are up are doing.
    .index("by_roomId_and_role_and_agentStatus", ["roomId", "role", "agentStatus"])
    .index("by_agentStatus_and_since", ["agentStatus", "since"]),

  // Written by progress and turns, at most once a second, and by the lifecycle, which ends it; read by the
  // panel alone, so that nothing else runs again at every word.
  activities: defineTable({
    participantId: v.id("participants"),
    /** Null: nothing to show. */
    text: v.union(v.string(), v.null()),
    since: v.number(),
  }).index("by_participantId", ["participantId"]),

  // Written by the agent lifecycle, the last 50 per role; read when a person opens the history.
  participantEvents: defineTable({
    participantId: v.id("participants"),
    at: v.number(),
    event: v.string(),
    from: agentStatus,
    to: agentStatus,
    accepted: v.boolean(),
    reason: v.string(),
    epoch: v.number(),
    /** Who reported it, in words; absent in older rows. */
    reporter: v.optional(v.string()),
  }).index("by_participantId", ["participantId"]),

  // Written by every beat; read by the deadline worker and one-shot evidence, by no watched query.
  leases: defineTable({
    participantId: v.optional(v.id("participants")),
    machineId: v.optional(v.id("machines")),
    epoch: v.number(),
    phase: leasePhase,
    /** null: no claim stands. */
    readyUntil: v.union(v.number(), v.null()),
    renewedAt: v.number(),
    renewedBy: v.string(),
  })
    .index("by_participantId", ["participantId"])
    .index("by_machineId", ["machineId"])
    .index("by_readyUntil", ["readyUntil"]),

  // One row, written by the deadline worker and whoever creates an earlier deadline; read by them.
  deadlineWorker: defineTable({
    generation: v.number(),
    armedFor: v.union(v.number(), v.null()),
    scheduledId: v.optional(v.id("_scheduled_functions")),
    /** Leases that ran out up to here did so while the backend was away. */
    awayUntil: v.number(),
  }),

  // Written by register and the machine lifecycle, by no beat; read by the panel and its daemon.
  machines: defineTable({
    userId: v.id("users"),
    name: v.string(),
    os: v.string(),
    daemonVersion: v.string(),
    harnesses: v.array(harness),
    daemonConnected: v.boolean(),
    since: v.number(),
    epoch: v.number(),
  }).index("by_userId_and_name", ["userId", "name"]),

  // Written by model/rooms/messages.post alone; read by everyone in the room. seq has no gaps.
  messages: defineTable({
    roomId: v.id("rooms"),
    seq: v.number(),
    sender,
    type: messageType,
    text: v.string(),
    target: v.optional(v.string()),
    taskId: v.optional(v.id("tasks")),
    at: v.number(),
    /** An OK of a schedule: not shown to whoever wants no quiet lines. */
    quiet: v.optional(v.boolean()),
  })
    .index("by_roomId_and_seq", ["roomId", "seq"])
    .index("by_roomId_and_senderKind_and_seq", ["roomId", "sender.kind", "seq"]),

  // Written by model/tasks/tasks (status by `transitionTask` alone); read by waiters, the list, the sweep.
  tasks: defineTable({
    roomId: v.id("rooms"),
    role: v.string(),
    status: taskStatus,
    /** When the status last changed. */
    since: v.number(),
    /** What the task was before it went back: a holder that resumes finds it so again. */
    was: v.optional(heldTaskStatus),
    attempt: v.number(),
    recoveries: v.number(),
    resumes: v.number(),
    /** SHA-256 of the last claim token issued; kept through a recovery, see the fence. */
    tokenHash: v.optional(v.string()),
    epoch: v.optional(v.number()),
    holderId: v.optional(v.string()),
    /** When the worker looks at this task again in its present status. */
    dueAt: v.optional(v.number()),
    /** Backoff; removed by the worker when it has passed, so that no query needs a clock. */
    notBefore: v.optional(v.number()),
    heldBy: v.optional(v.string()),
    /** When it was last offered: at its creation, or when it came back. */
    offered: v.number(),
    text: v.string(),
    from: sender,
    /** Absent: a tick made it, and nobody said anything. */
    originMessageId: v.optional(v.id("messages")),
    tickId: v.optional(v.id("ticks")),
    causeKey: v.string(),
    chainId: v.optional(v.id("tasks")),
    depth: v.number(),
    createdAt: v.number(),
    reason: v.optional(v.string()),
  })
    .index("by_roomId_and_role_and_status_and_heldBy_and_offered", [
      "roomId",
      "role",
      "status",
      "heldBy",
      "offered",
    ])
    .index("by_roomId_and_role_and_epoch", ["roomId", "role", "epoch"])
    .index("by_roomId_and_createdAt", ["roomId", "createdAt"])
    .index("by_causeKey", ["causeKey"])
    .index("by_dueAt", ["dueAt"])
    .index("by_notBefore", ["notBefore"]),

  // Written by agent run at a turn's beginning and end and at most once a second between; read by the
  // task's view and by whoever follows the role.
  turns: defineTable({
    roomId: v.id("rooms"),
    role: v.string(),
    taskId: v.id("tasks"),
    attempt: v.number(),
    epoch: v.number(),
    harness: v.string(),
    status: turnStatus,
    stopReason: v.optional(stopReason),
    error: v.optional(v.string()),
    usage,
    /** How many events were recorded: the number of the last one. */
    events: v.number(),
    startedAt: v.number(),
    endedAt: v.optional(v.number()),
  })
    .index("by_taskId", ["taskId"])
    .index("by_roomId_and_role", ["roomId", "role"]),

  // Written by agent run in batches, the last 500 of a turn; read when a person looks into the turn.
  turnEvents: defineTable({
    turnId: v.id("turns"),
    seq: v.number(),
    at: v.number(),
    event: turnEvent,
  }).index("by_turnId_and_seq", ["turnId", "seq"]),

  // Written by whoever asks (agent run, an agent's shell), the member who answers, and model/questions/questions, which
  // closes; read by the room's people and by whoever waits for the answer.
  approvals: defineTable({
    /** Absent in rows that are older than questions: an approval. */
    kind: v.optional(askedKind),
    roomId: v.id("rooms"),
    role: v.string(),
    taskId: v.id("tasks"),
    /** The turn that an approval waits in; a question belongs to its task, whose next turn may go on waiting. */
    turnId: v.optional(v.id("turns")),
    attempt: v.number(),
    epoch: v.number(),
    requestId: v.string(),
    title: v.string(),
    detail: v.string(),
    options: v.array(option),
    /** What a question may be answered; in any words when it has none. */
    choices: v.optional(v.array(v.string())),
    status: approvalStatus,
    askedAt: v.number(),
    /** Null once it is closed. */
    deadline: v.union(v.number(), v.null()),
    optionId: v.optional(v.string()),
    answer: v.optional(v.string()),
    answeredBy: v.optional(v.string()),
    closedAt: v.optional(v.number()),
  })
    .index("by_turnId_and_requestId", ["turnId", "requestId"])
    .index("by_taskId_and_kind_and_status", ["taskId", "kind", "status"])
    .index("by_roomId_and_role_and_status", ["roomId", "role", "status"])
    .index("by_roomId_and_status", ["roomId", "status"])
    .index("by_status", ["status"])
    .index("by_closedAt", ["closedAt"])
    .index("by_deadline", ["deadline"]),

  // Written by agent run after a turn, one row a task; read when a person opens the task.
  taskDiffs: defineTable({
    taskId: v.id("tasks"),
    at: v.number(),
    diff,
  })
    .index("by_taskId", ["taskId"])
    .index("by_at", ["at"]),

  // Written by whoever wakes or stops an agent and by the machine; read by that machine's daemon.
  commands: defineTable({
    machineId: v.id("machines"),
    roomId: v.id("rooms"),
    role: v.string(),
    kind: commandKind,
    status: commandStatus,
    /** Null once the command ended. */
    deadline: v.union(v.number(), v.null()),
    epoch: v.optional(v.number()),
    asked: askedBy,
    reason: v.string(),
    /** A stop after which the agent is started again. */
    thenStart: v.optional(v.boolean()),
    endedAt: v.optional(v.number()),
  })
    .index("by_machineId_and_status", ["machineId", "status"])
    .index("by_roomId_and_role_and_status", ["roomId", "role", "status"])
    .index("by_deadline", ["deadline"])
    .index("by_endedAt", ["endedAt"]),

  // Written once per keyed request; read when the same request comes again within a day.
  answers: defineTable({
    /** The principal and the function that the key belongs to. */
    scope: v.string(),
    key: v.string(),
    answer: v.any(),
    /** Only in older rows: they are pruned by their creation. */
    at: v.optional(v.number()),
  }).index("by_scope_and_key", ["scope", "key"]),
});
