import { NOTHING_COUNTED } from "@muster/core";
import type { Id } from "@muster/backend/dataModel";
import type {
  Approval,
  Delivery,
  Message,
  Notice,
  Room,
  Schedule,
  Seat,
  Task,
  Tick,
  Turn,
  TurnEvent,
} from "#lib/backend.ts";

/** Room harbor, where ada plans, linus builds, and the machine is mini. */
export const harbor: Room = {
  _id: "harbor-id" as Id<"rooms">,
  name: "harbor",
  entryRole: "planner",
  team: ["planner", "builder"],
  archivedAt: null,
  archivedBy: null,
  rights: ["send", "manage", "seat", "approve"],
};

export function seat(changes: Partial<Seat> = {}): Seat {
  return {
    role: "planner",
    agentStatus: "ready",
    since: 0,
    reason: "",
    starting: false,
    type: "remote",
    desired: "running",
    harness: "demo",
    scripted: true,
    machineId: "mini-id" as Id<"machines">,
    machineName: "mini",
    machineConnected: true,
    model: null,
    workingDir: null,
    epoch: 1,
    pid: 4123,
    startedAt: 0,
    lastExit: null,
    activity: null,
    needsYou: false,
    stalled: false,
    parkedUntil: null,
    currentTaskId: null,
    cancelling: false,
    ...changes,
  };
}

export function message(changes: Partial<Message> & { seq: number }): Message {
  return {
    _id: `message-${changes.seq}` as Id<"messages">,
    sender: { kind: "agent", name: "planner" },
    type: "message",
    text: "text",
    target: null,
    taskId: null,
    at: 0,
    ...changes,
  };
}

export function task(changes: Partial<Task> = {}): Task {
  return {
    _id: "task-id" as Id<"tasks">,
    role: "builder",
    status: "pending",
    text: "Build the pier",
    from: { kind: "person", name: "ada" },
    attempt: 1,
    recoveries: 0,
    notBefore: null,
    heldBy: null,
    reason: null,
    originMessageId: "message-1" as Id<"messages">,
    createdAt: 0,
    ...changes,
  };
}

type Told = TurnEvent extends infer Event
  ? Event extends TurnEvent
    ? Omit<Event, "seq" | "at">
    : never
  : never;

/** Events of a turn in this order, a second apart. */
export function turnEvents(...told: Told[]): TurnEvent[] {
  return told.map((event, index) => Object.assign({ seq: index + 1, at: index * 1_000 }, event));
}

export function turn(changes: Partial<Turn> = {}): Turn {
  return {
    _id: "turn-id" as Id<"turns">,
    role: "builder",
    taskId: "task-id" as Id<"tasks">,
    attempt: 1,
    epoch: 1,
    harness: "opencode",
    status: "running",
    stopReason: null,
    error: null,
    usage: {},
    events: 0,
    dropped: 0,
    startedAt: 0,
    endedAt: null,
    ...changes,
  };
}

export function approval(changes: Partial<Approval> = {}): Approval {
  return {
    _id: "approval-id" as Id<"approvals">,
    kind: "approval",
    roomId: "harbor-id" as Id<"rooms">,
    roomName: "harbor",
    role: "builder",
    taskId: "task-id" as Id<"tasks">,
    turnId: "turn-id" as Id<"turns">,
    title: "Run npm test",
    detail: "npm test -- --run",
    options: [
      { optionId: "no", name: "Reject", kind: "reject_once" },
      { optionId: "always", name: "Allow always", kind: "allow_always" },
      { optionId: "once", name: "Allow once", kind: "allow_once" },
    ],
    choices: [],
    status: "open",
    askedAt: 0,
    deadline: 600_000,
    optionId: null,
    answer: null,
    answeredBy: null,
    closedAt: null,
    ...changes,
  };
}

export function schedule(changes: Partial<Schedule> = {}): Schedule {
  return {
    _id: "schedule-id" as Id<"schedules">,
    name: "morning-round",
    role: "builder",
    kind: "heartbeat",
    cadence: { type: "interval", everyMs: 1_800_000 },
    prompt: null,
    target: "none",
    quietHours: null,
    okToken: "HEARTBEAT_OK",
    state: "active",
    stopped: null,
    nextDueAt: null,
    expectedBy: null,
    lastTickAt: null,
    lastTick: null,
    failures: 0,
    counts: NOTHING_COUNTED,
    ...changes,
  };
}

export function tick(changes: Partial<Tick> = {}): Tick {
  return {
    _id: "tick-id" as Id<"ticks">,
    dueAt: 0,
    at: 0,
    manual: false,
    missed: 0,
    status: "skipped",
    reason: "nothing-due",
    detail: null,
    due: [],
    taskId: null,
    outcome: null,
    text: null,
    withheld: null,
    cost: 0,
    endedAt: null,
    ...changes,
  };
}

export function notice(changes: Partial<Notice> = {}): Notice {
  return {
    _id: "notice-id" as Id<"notices">,
    scope: "room",
    kind: "stopped",
    text: "morning-round was stopped: nobody has spoken in the room for 14 days.",
    action: "resume",
    roomId: "harbor-id" as Id<"rooms">,
    roomName: "harbor",
    scheduleId: "schedule-id" as Id<"schedules">,
    at: 0,
    ...changes,
  };
}

export function delivery(changes: Partial<Delivery> = {}): Delivery {
  return {
    _id: "delivery-id" as Id<"deliveries">,
    channel: "dashboard",
    status: "sent",
    roomId: "harbor-id" as Id<"rooms">,
    roomName: "harbor",
    role: "builder",
    title: "builder in harbor",
    text: "The pier is loose.",
    at: 0,
    seenAt: null,
    notBefore: null,
    reason: null,
    attempt: 1,
    ...changes,
  };
}
