/**
 * How long everything may take, in one place. All values are milliseconds. The server picks the profile
 * (deployment variable `MUSTER_TIMING`) and tells its clients; clients own no timing.
 */
export type Timing = {
  /** How often a participant renews its lease: often enough that two lost beats do not matter. */
  readonly HEARTBEAT_INTERVAL_MS: number;
  /** How long a silent participant is believed: two missed beats, one timeout and a margin. */
  readonly HEARTBEAT_TTL_MS: number;
  /** How often a machine's daemon beats; the same beat renews the leases of all its agents. */
  readonly DAEMON_HEARTBEAT_INTERVAL_MS: number;
  /** How long a silent machine counts as connected: longer than an agent, because its agents speak for themselves. */
  readonly DAEMON_HEARTBEAT_TTL_MS: number;
  /** Waits before a failed beat is tried again; together well below the interval. */
  readonly HEARTBEAT_RETRY_MS: readonly number[];
  /** How long a claimed task may wait for its start: a program reads its prompt in far less. */
  readonly TASK_ACKNOWLEDGED_TIMEOUT_MS: number;
  /** When a claimed task that nobody starts becomes `stalled` under a live holder, with a notice. */
  readonly TASK_STALLED_MS: number;
  /** How long an offered task may wait for a role that does not work, before someone is started or told. */
  readonly TASK_PENDING_TIMEOUT_MS: number;
  /** How long a custom agent may be between two waits: its program thinks, but it will call again. */
  readonly READY_GAP_MS: number;
  /** How long a custom agent with a task and no MCP server may be silent: builds and tests take minutes. */
  readonly UNATTENDED_WORK_MS: number;
  /** How long a machine waits for its spawned process to join before it ends it: cold starts of big programs. */
  readonly STARTUP_DEADLINE_MS: number;
  /** How long the server waits for a join from each spawn: past the machine's own deadline, the machine itself is gone. */
  readonly RESTART_DEADLINE_MS: number;
  /** How long a dead agent stays visible as dead: a person sees on Monday what died on Sunday. */
  readonly CLEANUP_GRACE_MS: number;
  /** How long a holder may take to end a turn that nobody wants any more before its machine ends it. */
  readonly CANCEL_GRACE_MS: number;
  /** How long an agent may talk on after its handoff: a closing sentence takes seconds, and the next task waits. */
  readonly TURN_GRACE_MS: number;
  /** How long a permission question stays open before it is denied. */
  readonly APPROVAL_DEADLINE_MS: number;
  /** How long a question to people stays open unless its agent says otherwise: as long as a permission. */
  readonly QUESTION_DEADLINE_MS: number;
  /** The longest that an agent may wait for an answer: who asks at night is answered in the morning. */
  readonly QUESTION_LONGEST_MS: number;
  /** How long a superseded holder must say `--take-over` to get its seat back: two programs must not fight. */
  readonly TAKE_OVER_WINDOW_MS: number;
  /** The first wait before a restart, and the unit that doubles. Half of it is fixed, so that `dead` is seen. */
  readonly BACKOFF_FIRST_MS: number;
  /** The longest wait before a restart: a person who fixed the cause should not wait much longer. */
  readonly BACKOFF_MAX_MS: number;
  /** A process that ended this soon after its join without a started task never really worked. */
  readonly EARLY_END_MS: number;
  /** The window of the restart rate. */
  readonly RESTART_WINDOW_MS: number;
  /** Waits before the trials that follow once restarts are used up; after the last only a person starts it. */
  readonly TRIAL_DELAYS_MS: readonly number[];
};

/**
 * When a client gives up a call over HTTP, a beat among them, in milliseconds: a half-open link must not eat a lease. The same in
 * every profile, because a client calls before it has heard of one.
 */
export const CALL_TIMEOUT_MS = 5_000;

export const TIMING_PROFILES = ["standard", "fast", "test", "patient"] as const;
export type TimingProfile = (typeof TIMING_PROFILES)[number];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** For Convex Cloud and self-hosted backends: a beat costs a function call, and networks hiccup. */
const standard: Timing = {
  HEARTBEAT_INTERVAL_MS: 30 * SECOND,
  HEARTBEAT_TTL_MS: 90 * SECOND,
  DAEMON_HEARTBEAT_INTERVAL_MS: 30 * SECOND,
  DAEMON_HEARTBEAT_TTL_MS: 120 * SECOND,
  HEARTBEAT_RETRY_MS: [1 * SECOND, 2 * SECOND, 4 * SECOND],
  TASK_ACKNOWLEDGED_TIMEOUT_MS: 2 * MINUTE,
  TASK_STALLED_MS: 10 * MINUTE,
  TASK_PENDING_TIMEOUT_MS: 5 * MINUTE,
  READY_GAP_MS: 2 * MINUTE,
  UNATTENDED_WORK_MS: 15 * MINUTE,
  STARTUP_DEADLINE_MS: 60 * SECOND,
  RESTART_DEADLINE_MS: 120 * SECOND,
  CLEANUP_GRACE_MS: 24 * 60 * MINUTE,
  CANCEL_GRACE_MS: 30 * SECOND,
  TURN_GRACE_MS: 15 * SECOND,
  APPROVAL_DEADLINE_MS: 10 * MINUTE,
  QUESTION_DEADLINE_MS: 10 * MINUTE,
  QUESTION_LONGEST_MS: 24 * 60 * MINUTE,
  TAKE_OVER_WINDOW_MS: 60 * SECOND,
  BACKOFF_FIRST_MS: 1 * SECOND,
  BACKOFF_MAX_MS: 60 * SECOND,
  EARLY_END_MS: 60 * SECOND,
  RESTART_WINDOW_MS: 300 * SECOND,
  TRIAL_DELAYS_MS: [1 * MINUTE, 5 * MINUTE, 30 * MINUTE],
};

/** The embedded default: beats over loopback cost nothing, so silence is noticed three times sooner. */
const fast: Timing = {
  ...standard,
  HEARTBEAT_INTERVAL_MS: 10 * SECOND,
  HEARTBEAT_TTL_MS: 30 * SECOND,
  DAEMON_HEARTBEAT_INTERVAL_MS: 10 * SECOND,
  DAEMON_HEARTBEAT_TTL_MS: 30 * SECOND,
};

/** For tests with real processes: every bound can be waited for, and the order of the bounds is kept. */
const test: Timing = {
  HEARTBEAT_INTERVAL_MS: 200,
  HEARTBEAT_TTL_MS: 700,
  DAEMON_HEARTBEAT_INTERVAL_MS: 200,
  DAEMON_HEARTBEAT_TTL_MS: 700,
  HEARTBEAT_RETRY_MS: [20, 40, 80],
  TASK_ACKNOWLEDGED_TIMEOUT_MS: 1 * SECOND,
  TASK_STALLED_MS: 4 * SECOND,
  TASK_PENDING_TIMEOUT_MS: 2 * SECOND,
  READY_GAP_MS: 1 * SECOND,
  UNATTENDED_WORK_MS: 3 * SECOND,
  STARTUP_DEADLINE_MS: 3 * SECOND,
  RESTART_DEADLINE_MS: 5 * SECOND,
  CLEANUP_GRACE_MS: 10 * SECOND,
  CANCEL_GRACE_MS: 1 * SECOND,
  TURN_GRACE_MS: 500,
  APPROVAL_DEADLINE_MS: 4 * SECOND,
  QUESTION_DEADLINE_MS: 4 * SECOND,
  QUESTION_LONGEST_MS: 60 * SECOND,
  TAKE_OVER_WINDOW_MS: 1 * SECOND,
  BACKOFF_FIRST_MS: 200,
  BACKOFF_MAX_MS: 2 * SECOND,
  EARLY_END_MS: 1 * SECOND,
  RESTART_WINDOW_MS: 10 * SECOND,
  TRIAL_DELAYS_MS: [1 * SECOND, 2 * SECOND, 4 * SECOND],
};

/** For tests with real processes that are not about leases: as `test`, but nobody seems dead because a machine is busy. */
const patient: Timing = {
  ...test,
  HEARTBEAT_INTERVAL_MS: 2 * SECOND,
  HEARTBEAT_TTL_MS: 15 * SECOND,
  DAEMON_HEARTBEAT_INTERVAL_MS: 2 * SECOND,
  DAEMON_HEARTBEAT_TTL_MS: 15 * SECOND,
  TASK_ACKNOWLEDGED_TIMEOUT_MS: 15 * SECOND,
  TASK_STALLED_MS: 30 * SECOND,
  TASK_PENDING_TIMEOUT_MS: 15 * SECOND,
  STARTUP_DEADLINE_MS: 20 * SECOND,
  RESTART_DEADLINE_MS: 30 * SECOND,
};

const PROFILES: Record<TimingProfile, Timing> = { standard, fast, test, patient };

/**
 * The timing of a profile by the name that the deployment carries.
 *
 * @throws when the name is none of TIMING_PROFILES, so that a typing error does not become a wrong bound
 */
export function timingProfile(name: string): Timing {
  const profile = TIMING_PROFILES.find((known) => known === name);
  if (profile === undefined)
    throw new Error(
      `MUSTER_TIMING is "${name}", but must be one of ${TIMING_PROFILES.join(", ")}.`,
    );
  return PROFILES[profile];
}
