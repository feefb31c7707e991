import { setup } from "xstate";
import { ofEvents, step } from "../transition.ts";
import type { EffectActions, Outcome } from "../transition.ts";

/** Every status a task can have. Validators, labels and diagrams are derived from this list. */
export const TASK_STATUSES = [
  "pending",
  "acknowledged",
  "in_progress",
  "completed",
  "cancelled",
  "dead_letter",
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** The statuses of a task that is still to be finished: a role's queue and what its holder has. */
export const ACTIVE_TASK_STATUSES = ["pending", "acknowledged", "in_progress"] as const;
export type ActiveTaskStatus = (typeof ACTIVE_TASK_STATUSES)[number];

/** The statuses in which somebody holds the task under a live epoch. */
export const HELD_TASK_STATUSES = ["acknowledged", "in_progress"] as const;
export type HeldTaskStatus = (typeof HELD_TASK_STATUSES)[number];

/** How often a task comes back after a crash or an expiry before it is given up. */
export const MAX_RECOVERIES = 3;

/** Why a held task went back to the queue. */
export const RETURN_CAUSES = [
  "left",
  "new_holder",
  "lease_expired",
  "parked_too_long",
  "process_exited",
] as const;
export type ReturnCause = (typeof RETURN_CAUSES)[number];

export const TASK_TRIGGERS = [
  "claimTask",
  "startTask",
  "completeTask",
  "resumeTask",
  "releaseTask",
  "recoverOrphaned",
  "recoverStuckAcknowledged",
  "exhaust",
  "retryTask",
  "cancelTask",
] as const;
export type TaskTrigger = (typeof TASK_TRIGGERS)[number];

type Recovery = {
  /** The epoch that held the task is over (expiry, exit, new holder). */
  readonly epochEnded: boolean;
  readonly cause: ReturnCause;
  /** Recoveries counted so far. */
  readonly recoveries: number;
};

/** `tokenValid`: the caller presents the last token issued for the task, and nothing has retired it since. */
export type TaskEvent =
  | {
      readonly type: "claimTask";
      /** Nothing keeps the task from being offered: neither `heldBy` nor a `notBefore` in the future. */
      readonly offered: boolean;
      /** The claimer is the holder and epoch that the task is already acknowledged by. */
      readonly sameHolder: boolean;
    }
  | { readonly type: "startTask"; readonly tokenValid: boolean }
  | { readonly type: "completeTask"; readonly tokenValid: boolean }
  | {
      readonly type: "resumeTask";
      readonly sameHolder: boolean;
      readonly tokenValid: boolean;
      /** What the task was before it went back. */
      readonly was: HeldTaskStatus;
    }
  | {
      readonly type: "releaseTask";
      /** Also true when the holder's own `leave`, or its machine's, stands in for the token. */
      readonly tokenValid: boolean;
    }
  | ({ readonly type: "recoverOrphaned" } & Recovery)
  | ({ readonly type: "recoverStuckAcknowledged" } & Recovery)
  | ({ readonly type: "exhaust" } & Recovery)
  | { readonly type: "retryTask" }
  | { readonly type: "cancelTask" };

/**
 * What the backend does to the task (and its holder) after an accepted event: each is one plain write
 * in the same mutation, in the order given.
 */
export type TaskEffect =
  /** attempt + 1. */
  | { readonly type: "countAttempt" }
  /** Mints a claim token, stores its hash in place of the one before, and gives it to the caller. */
  | { readonly type: "issueToken" }
  /** The stored token is void; nobody can write with it again. */
  | { readonly type: "retireToken" }
  /** The caller's holder and epoch hold the task; it is the participant's current task. */
  | { readonly type: "setHolder" }
  /** Nobody holds the task. Holder, token and `was` stay on the row, so that the holder may resume. */
  | { readonly type: "clearHolder"; readonly was: HeldTaskStatus }
  /** The holder is `working` from now on: applies `task_started` to its participant. */
  | { readonly type: "occupyHolder" }
  /** The holder is free again: applies `task_released` to its participant, once its turn has ended. */
  | { readonly type: "freeHolder" }
  /** The holder's turn has to end; it stays `working` until it reports that. */
  | { readonly type: "stopTurn" }
  /** Open approvals and questions of this task become void. */
  | { readonly type: "voidQuestions" }
  /** recoveries + 1. */
  | { readonly type: "countRecovery" }
  /** recoveries = 0. */
  | { readonly type: "resetRecoveries" }
  /** `offered` and `dueAt` are set anew; with `backoff`, `notBefore` too, by the recoveries so far. */
  | { readonly type: "offer"; readonly backoff: boolean }
  /** dueAt = now + TASK_ACKNOWLEDGED_TIMEOUT_MS. */
  | { readonly type: "armAcknowledgedDeadline" }
  /** dueAt = now + TASK_PENDING_TIMEOUT_MS: the safety net for a holder whose end nobody noticed. */
  | { readonly type: "armHolderCheck" }
  /** Nothing is due for this task any more. */
  | { readonly type: "clearDeadline" }
  /** A notice in the room says that the task was given up, with the reason. */
  | { readonly type: "postDeadLetter"; readonly cause: ReturnCause };

/** Whether a crash or an expiry took the task from its holder, so that it counts towards MAX_RECOVERIES. */
export function isCountedRecovery(cause: ReturnCause): boolean {
  return cause !== "left" && cause !== "new_holder";
}

const carriedOutByTheHost = () => {};
const actions: EffectActions<TaskEffect> = {
  countAttempt: carriedOutByTheHost,
  issueToken: carriedOutByTheHost,
  retireToken: carriedOutByTheHost,
  setHolder: carriedOutByTheHost,
  clearHolder: carriedOutByTheHost,
  occupyHolder: carriedOutByTheHost,
  freeHolder: carriedOutByTheHost,
  stopTurn: carriedOutByTheHost,
  voidQuestions: carriedOutByTheHost,
  countRecovery: carriedOutByTheHost,
  resetRecoveries: carriedOutByTheHost,
  offer: carriedOutByTheHost,
  armAcknowledgedDeadline: carriedOutByTheHost,
  armHolderCheck: carriedOutByTheHost,
  clearDeadline: carriedOutByTheHost,
  postDeadLetter: carriedOutByTheHost,
};

const isRecovery = (event: TaskEvent) =>
  event.type === "recoverOrphaned" || event.type === "recoverStuckAcknowledged";

const task = /* @__PURE__ */ setup({
  types: /* @__PURE__ */ ofEvents<TaskEvent>(),
  actions,
  guards: {
    offered: ({ event }) => event.type === "claimTask" && event.offered,
    sameHolder: ({ event }) => event.type === "claimTask" && event.sameHolder,
    tokenValid: ({ event }) => "tokenValid" in event && event.tokenValid,
    sameHolderWasAcknowledged: ({ event }) => resumes(event, "acknowledged"),
    sameHolderWasInProgress: ({ event }) => resumes(event, "in_progress"),
    epochEndedByCrash: ({ event }) =>
      isRecovery(event) &&
      event.epochEnded &&
      isCountedRecovery(event.cause) &&
      event.recoveries < MAX_RECOVERIES,
    epochEndedWithoutCrash: ({ event }) =>
      isRecovery(event) && event.epochEnded && !isCountedRecovery(event.cause),
    recoveriesUsedUp: ({ event }) =>
      event.type === "exhaust" &&
      event.epochEnded &&
      isCountedRecovery(event.cause) &&
      event.recoveries >= MAX_RECOVERIES,
  },
});

function resumes(event: TaskEvent, was: HeldTaskStatus): boolean {
  return event.type === "resumeTask" && event.sameHolder && event.tokenValid && event.was === was;
}

const clearHolder = (was: HeldTaskStatus) => ({ type: "clearHolder", params: { was } }) as const;
const offer = (backoff: boolean) => ({ type: "offer", params: { backoff } }) as const;

const recover = (was: HeldTaskStatus) =>
  [
    {
      guard: "epochEndedByCrash",
      target: "pending",
      actions: ["countRecovery", clearHolder(was), offer(true)],
    },
    {
      guard: "epochEndedWithoutCrash",
      target: "pending",
      actions: [clearHolder(was), offer(false)],
    },
  ] as const;

const release = (was: HeldTaskStatus) =>
  ({ guard: "tokenValid", target: "pending", actions: [clearHolder(was), offer(false)] }) as const;

const exhaust = (was: HeldTaskStatus) =>
  ({
    guard: "recoveriesUsedUp",
    target: "dead_letter",
    actions: [
      clearHolder(was),
      "clearDeadline",
      {
        type: "postDeadLetter",
        params: ({ event }: { event: TaskEvent }) => ({
          cause: event.type === "exhaust" ? event.cause : ("lease_expired" as const),
        }),
      },
    ],
  }) as const;

const complete = {
  guard: "tokenValid",
  target: "completed",
  actions: ["retireToken", "clearDeadline", "voidQuestions", "freeHolder"],
} as const;

const cancel = {
  target: "cancelled",
  actions: ["retireToken", "clearDeadline", "voidQuestions", "stopTurn"],
} as const;

/**
 * The task's lifecycle: flat, pure, without timers. Facts and time arrive with the event, effects
 * leave as names. A test draws docs/lifecycles/task.md from it.
 */
export const taskLifecycle = /* @__PURE__ */ task.createMachine({
  id: "task",
  initial: "pending",
  context: {},
  states: {
    pending: {
      on: {
        claimTask: {
          guard: "offered",
          target: "acknowledged",
          actions: ["countAttempt", "issueToken", "setHolder", "armAcknowledgedDeadline"],
        },
        // The holder was declared dead and nobody has begun since: its result still counts. It is not
        // freed, because by now its participant may hold another task.
        completeTask: {
          guard: "tokenValid",
          target: "completed",
          actions: ["retireToken", "clearDeadline"],
        },
        resumeTask: [
          {
            guard: "sameHolderWasInProgress",
            target: "in_progress",
            actions: ["setHolder", "armHolderCheck", "occupyHolder"],
          },
          {
            guard: "sameHolderWasAcknowledged",
            target: "acknowledged",
            actions: ["setHolder", "armAcknowledgedDeadline"],
          },
        ],
        cancelTask: { target: "cancelled", actions: ["retireToken", "clearDeadline"] },
      },
    },
    acknowledged: {
      on: {
        // The reply to the claim was lost: a new token makes the lost one void, and it is no new attempt.
        claimTask: { guard: "sameHolder", actions: ["issueToken"] },
        startTask: {
          guard: "tokenValid",
          target: "in_progress",
          actions: ["armHolderCheck", "occupyHolder"],
        },
        completeTask: complete,
        releaseTask: release("acknowledged"),
        recoverStuckAcknowledged: recover("acknowledged"),
        exhaust: exhaust("acknowledged"),
        cancelTask: cancel,
      },
    },
    in_progress: {
      on: {
        completeTask: complete,
        releaseTask: release("in_progress"),
        recoverOrphaned: recover("in_progress"),
        exhaust: exhaust("in_progress"),
        cancelTask: cancel,
      },
    },
    completed: {},
    cancelled: {},
    dead_letter: {
      on: {
        retryTask: {
          target: "pending",
          actions: ["resetRecoveries", "retireToken", offer(false)],
        },
      },
    },
  },
});

/**
 * Applies one trigger to a task's stored status. A refused call with an old token is a `stale_claim`,
 * any other refused call an `illegal_transition`; a refused report is late or doubled and changes nothing.
 *
 * @throws when `status` is none of TASK_STATUSES
 */
export function taskTransition(
  status: TaskStatus,
  event: TaskEvent,
): Outcome<TaskStatus, TaskEffect> {
  return step<TaskStatus, TaskEffect>(taskLifecycle, status, event);
}
