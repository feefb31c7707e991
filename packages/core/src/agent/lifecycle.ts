import { setup } from "xstate";
import { ofEvents, step } from "../transition.ts";
import type { EffectActions, Outcome } from "../transition.ts";
import type { ReturnCause } from "../task/lifecycle.ts";

/** Every status an agent can have. Validators, labels and diagrams are derived from this list. */
export const AGENT_STATUSES = [
  "offline",
  "ready",
  "working",
  "restarting",
  "dead",
  "dead_failed_revive",
] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

/** What people want of an agent; the second fact beside its status, and there is no third. */
export const DESIRED = ["running", "stopped"] as const;
export type Desired = (typeof DESIRED)[number];

export const AGENT_EVENTS = [
  "join",
  "task_started",
  "task_released",
  "heartbeat_expired",
  "gap_expired",
  "process_exited",
  "restart_initiated",
  "restart_expired",
  "restart_exhausted",
  "leave",
  "cleanup",
] as const;
export type AgentEventType = (typeof AGENT_EVENTS)[number];

export type AgentEvent =
  | {
      readonly type: "join";
      /** The joiner carries the current epoch: it holds the seat, or the running start was minted for it. */
      readonly sameHolder: boolean;
      readonly desired: Desired;
      /** The joiner itself holds a task that is `in_progress`. */
      readonly holdsStartedTask: boolean;
    }
  | { readonly type: "task_started" }
  | { readonly type: "task_released" }
  | { readonly type: "heartbeat_expired" }
  | { readonly type: "gap_expired" }
  | {
      readonly type: "process_exited";
      /** The machine ended the process because it was told to. */
      readonly asked: boolean;
      /** The report is about the participant's current epoch. */
      readonly currentEpoch: boolean;
      readonly code: number | null;
      readonly signal: string | null;
      /** The last output of the process, already cut to size. */
      readonly tail?: string;
    }
  | {
      readonly type: "restart_initiated";
      readonly desired: Desired;
      readonly askedByPerson: boolean;
    }
  | { readonly type: "restart_expired" }
  | { readonly type: "restart_exhausted"; readonly starts: number }
  | {
      readonly type: "leave";
      /** A person stopped it, in contrast to a process that left by itself. */
      readonly stopped: boolean;
    }
  | { readonly type: "cleanup" };

/**
 * What the backend does to the participant after an accepted event: each is one plain write in the
 * same mutation, in the order given.
 */
export type AgentEffect =
  /** The open task of the current epoch's holder goes back (see `returnEvent`); nothing when there is none. */
  | { readonly type: "returnTask"; readonly cause: ReturnCause }
  /** Open approvals and questions of the current epoch become void, and its running turn is lost. */
  | { readonly type: "voidQuestions" }
  /** epoch + 1; everything that carries an older epoch is superseded from here on. */
  | { readonly type: "bumpEpoch" }
  /** The joiner's holderId becomes the seat's holder. */
  | { readonly type: "setHolder" }
  /** Nobody holds the seat until the process that is being started joins. */
  | { readonly type: "clearHolder" }
  /** Mints an agent credential for the new epoch, returned to the machine that starts the process. */
  | { readonly type: "issueCredential" }
  /** Begins a fresh lease for the holder; it replaces whatever deadline stood before. */
  | { readonly type: "grantLease" }
  /** Puts the lease's end at now + RESTART_DEADLINE_MS, to be answered by `restart_expired`. */
  | { readonly type: "armRestartDeadline" }
  /** The participant has no lease and no deadline any more. */
  | { readonly type: "dropLease" }
  /** Decides between the labels STARTING and RESTARTING. */
  | { readonly type: "markStarting"; readonly starting: boolean }
  /** Forgets the activity line and `stalled`: they spoke of work that is over. */
  | { readonly type: "clearActivity" }
  | {
      readonly type: "recordExit";
      readonly code: number | null;
      readonly signal: string | null;
      readonly tail?: string;
    };

const carriedOutByTheHost = () => {};
const actions: EffectActions<AgentEffect> = {
  returnTask: carriedOutByTheHost,
  voidQuestions: carriedOutByTheHost,
  bumpEpoch: carriedOutByTheHost,
  setHolder: carriedOutByTheHost,
  clearHolder: carriedOutByTheHost,
  issueCredential: carriedOutByTheHost,
  grantLease: carriedOutByTheHost,
  armRestartDeadline: carriedOutByTheHost,
  dropLease: carriedOutByTheHost,
  markStarting: carriedOutByTheHost,
  clearActivity: carriedOutByTheHost,
  recordExit: carriedOutByTheHost,
};

const agent = /* @__PURE__ */ setup({
  types: /* @__PURE__ */ ofEvents<AgentEvent>(),
  actions,
  guards: {
    sameHolderWithStartedTask: ({ event }) =>
      event.type === "join" &&
      event.desired === "running" &&
      event.sameHolder &&
      event.holdsStartedTask,
    sameHolder: ({ event }) =>
      event.type === "join" && event.desired === "running" && event.sameHolder,
    newHolder: ({ event }) =>
      event.type === "join" && event.desired === "running" && !event.sameHolder,
    wanted: ({ event }) => event.type === "restart_initiated" && event.desired === "running",
    unaskedInCurrentEpoch: ({ event }) =>
      event.type === "process_exited" && !event.asked && event.currentEpoch,
  },
});

const endOfEpoch = (cause: ReturnCause) =>
  [
    { type: "returnTask", params: { cause } },
    "voidQuestions",
    "dropLease",
    "clearActivity",
  ] as const;

const join = [
  {
    guard: "sameHolderWithStartedTask",
    target: "working",
    actions: ["setHolder", "grantLease"],
  },
  { guard: "sameHolder", target: "ready", actions: ["setHolder", "grantLease", "clearActivity"] },
  {
    guard: "newHolder",
    target: "ready",
    actions: [
      { type: "returnTask", params: { cause: "new_holder" } },
      "voidQuestions",
      "bumpEpoch",
      "setHolder",
      "grantLease",
      "clearActivity",
    ],
  },
] as const;

const leave = { target: "offline", actions: endOfEpoch("left") } as const;

const process_exited = {
  guard: "unaskedInCurrentEpoch",
  target: "dead",
  actions: [
    ...endOfEpoch("process_exited"),
    {
      type: "recordExit",
      params: ({ event }: { event: AgentEvent }) => exitOf(event),
    },
  ],
} as const;

const restart_initiated = {
  guard: "wanted",
  target: "restarting",
  actions: [
    "bumpEpoch",
    "clearHolder",
    "issueCredential",
    "armRestartDeadline",
    {
      type: "markStarting",
      params: ({ event }: { event: AgentEvent }) => ({
        starting: event.type === "restart_initiated" && event.askedByPerson,
      }),
    },
  ],
} as const;

const heartbeat_expired = { target: "dead", actions: endOfEpoch("lease_expired") } as const;

/**
 * The agent's lifecycle: flat, pure, without timers. Time arrives as an event, effects leave as names.
 * A test draws docs/lifecycles/agent.md from it.
 */
export const agentLifecycle = /* @__PURE__ */ agent.createMachine({
  id: "agent",
  initial: "offline",
  context: {},
  states: {
    offline: { on: { join, restart_initiated } },
    ready: {
      on: {
        join,
        task_started: { target: "working" },
        task_released: { actions: "clearActivity" },
        heartbeat_expired,
        gap_expired: { target: "offline", actions: endOfEpoch("parked_too_long") },
        process_exited,
        leave,
      },
    },
    working: {
      on: {
        join,
        task_released: { target: "ready", actions: "clearActivity" },
        heartbeat_expired,
        process_exited,
        leave,
      },
    },
    restarting: {
      on: {
        join,
        process_exited,
        restart_initiated,
        restart_expired: { target: "dead", actions: "dropLease" },
        restart_exhausted: { target: "dead_failed_revive", actions: "dropLease" },
        leave,
      },
    },
    dead: {
      on: {
        join,
        restart_initiated,
        restart_exhausted: { target: "dead_failed_revive" },
        leave,
        cleanup: { target: "offline" },
      },
    },
    dead_failed_revive: {
      on: { join, restart_initiated, leave, cleanup: { target: "offline" } },
    },
  },
});

/**
 * Applies one event to an agent's stored status. A person's refused call is an `illegal_transition`;
 * a refused report is late or doubled and only gets recorded.
 *
 * @throws when `status` is none of AGENT_STATUSES
 */
export function agentTransition(
  status: AgentStatus,
  event: AgentEvent,
): Outcome<AgentStatus, AgentEffect> {
  return step<AgentStatus, AgentEffect>(agentLifecycle, status, event);
}

/** Whether an agent in this status may hold a task, and so must have a lease. */
export function isLive(status: AgentStatus): boolean {
  return status === "ready" || status === "working";
}

function exitOf(event: AgentEvent): {
  code: number | null;
  signal: string | null;
  tail?: string;
} {
  if (event.type !== "process_exited") return { code: null, signal: null };
  const { code, signal, tail } = event;
  return tail === undefined ? { code, signal } : { code, signal, tail };
}
