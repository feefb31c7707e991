import type { Id } from "@muster/backend/dataModel";
import type { Message, Room, Seat, Task } from "#lib/backend.ts";

/** Room harbor, where ada plans, linus builds, and the machine is mini. */
export const harbor: Room = {
  _id: "harbor-id" as Id<"rooms">,
  name: "harbor",
  entryRole: "planner",
  team: ["planner", "builder"],
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
