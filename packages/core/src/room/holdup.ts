import { isLive } from "../agent/lifecycle.ts";
import type { AgentStatus, Desired } from "../agent/lifecycle.ts";

/** What can hold a role's work up, in the order in which it is looked for: the first one that holds is told. */
export const HOLDUP_KINDS = [
  "archived",
  "no_agent",
  "stopped",
  "no_machine",
  "machine_away",
  "harness_missing",
  "starting",
  "gave_up",
  "process_ended",
  "silent",
  "not_started",
  "not_here",
  "question",
  "cancelling",
  "stalled",
  "not_begun",
  "held",
  "between_waits",
  "not_taken",
  "backoff",
  "dead_letter",
] as const;
export type HoldupKind = (typeof HOLDUP_KINDS)[number];

/** What a person can do about it at the press of a button. */
export type Help =
  | { readonly action: "start" | "restart" }
  | { readonly action: "retry"; readonly taskId: string };

export type Holdup = {
  readonly kind: HoldupKind;
  /** One sentence for people. */
  readonly sentence: string;
  /** Since when, in milliseconds since the epoch; null when that was never written down. */
  readonly since: number | null;
  /** What to run now. */
  readonly command: string;
  /** The same as an action, where there is one; null when only the command helps. */
  readonly help: Help | null;
};

type Remedy = Pick<Holdup, "command" | "help">;

type Queued = { readonly id: string; readonly since: number };

/** Everything that is stored about a role and that its work can wait for. Nothing of it comes from a lease. */
export type RoleFacts = {
  readonly room: string;
  /** Since when the room is archived; null while it is open. */
  readonly archivedAt: number | null;
  readonly role: string;
  readonly agent: {
    readonly type: "remote" | "custom";
    readonly desired: Desired;
    readonly harness: string;
  } | null;
  readonly machine: {
    readonly name: string;
    readonly connected: boolean;
    readonly since: number;
    /** Why the agent's program cannot run there; null when it can. */
    readonly problem: { readonly message: string; readonly command: string } | null;
  } | null;
  readonly seat: {
    readonly status: AgentStatus;
    readonly since: number;
    readonly reason: string;
    readonly stalled: boolean;
    /** Nobody beats for it: its program is between two waits, or works unattended. */
    readonly parked: boolean;
    /** How the process of this very life ended; null while that is not known. */
    readonly exit: { readonly at: number; readonly lastWords: string } | null;
  } | null;
  /** The oldest open question. */
  readonly question: { readonly title: string; readonly since: number } | null;
  /** What its holder has. */
  readonly task: (Queued & { readonly status: string }) | null;
  /** The oldest task of each sort that waits. */
  readonly queue: {
    readonly held: (Queued & { readonly by: string }) | null;
    readonly offered: Queued | null;
    readonly backedOff: Queued | null;
    /** The last one that was given up, unless the role has finished another one since. */
    readonly deadLetter: (Queued & { readonly reason: string }) | null;
  };
};

/**
 * The first thing that holds a role's work up, or null: it walks from the room and the agent over its machine and its
 * process to its questions and its queue. It asks no clock, so what is only a moment old is told as well.
 */
export function holdup(facts: RoleFacts): Holdup | null {
  const { seat } = facts;
  const unwanted = ofRoom(facts) ?? ofAgent(facts);
  if (unwanted !== null) return unwanted;
  if (seat !== null && isLive(seat.status)) return ofTurn(facts) ?? ofQueue(facts);
  return ofMachine(facts) ?? ofProcess(facts);
}

const at = ({ room, role }: RoleFacts) => `--room ${room} --role ${role}`;
const run = (command: string): Remedy => ({ command, help: null });
const wait = (facts: RoleFacts) => run(`muster wait-for-task ${at(facts)}`);
const start = (facts: RoleFacts): Remedy => ({
  command: `muster agent start ${at(facts)}`,
  help: { action: "start" },
});
const restart = (facts: RoleFacts): Remedy => ({
  command: `muster agent restart ${at(facts)}`,
  help: { action: "restart" },
});
const retry = ({ room }: RoleFacts, taskId: string): Remedy => ({
  command: `muster task retry --room ${room} ${taskId}`,
  help: { action: "retry", taskId },
});

/** There is nothing to start in a room that is put away. */
function ofRoom({ room, archivedAt }: RoleFacts): Holdup | null {
  if (archivedAt === null) return null;
  const sentence = `The room ${room} is archived, so nothing happens in it.`;
  const opening = run(`muster room unarchive ${room}`);
  return { kind: "archived", sentence, since: archivedAt, ...opening };
}

function ofAgent(facts: RoleFacts): Holdup | null {
  const { role, agent, seat } = facts;
  if (agent === null)
    return {
      kind: "no_agent",
      sentence: `${role} has no agent yet.`,
      since: null,
      ...run(`muster agent add ${at(facts)} --harness demo`),
    };
  if (agent.desired === "running") return null;
  const since = seat?.since ?? null;
  return { kind: "stopped", sentence: `${role} is stopped.`, since, ...start(facts) };
}

function ofMachine(facts: RoleFacts): Holdup | null {
  const { role, agent, machine } = facts;
  if (agent?.type !== "remote") return null;
  if (machine === null)
    return {
      kind: "no_machine",
      sentence: `${role} has no machine that could run it.`,
      since: null,
      ...run(`muster agent add ${at(facts)} --harness ${agent.harness}`),
    };
  const { name, since } = machine;
  if (!machine.connected)
    return {
      kind: "machine_away",
      sentence: `${role} runs on ${name}, and nothing is heard from its daemon.`,
      since,
      ...run("muster machine daemon start"),
    };
  const { problem } = machine;
  if (problem === null) return null;
  const { message: sentence, command } = problem;
  return { kind: "harness_missing", sentence, since: null, ...run(command) };
}

function ofProcess(facts: RoleFacts): Holdup {
  const { role, agent, seat } = facts;
  const remote = agent?.type === "remote";
  const again = remote ? start(facts) : wait(facts);
  const since = seat?.since ?? null;
  switch (seat?.status) {
    case "restarting":
      return {
        kind: "starting",
        sentence: `${role} is being started and has not joined yet.`,
        since,
        ...run(`muster agent logs ${at(facts)}`),
      };
    case "dead_failed_revive":
      return {
        kind: "gave_up",
        sentence: `${role} is not started any more: ${ended(seat.reason, seat.exit)}`,
        since,
        ...again,
      };
    case "dead":
      return seat.exit === null
        ? { kind: "silent", sentence: `${role} was ${seat.reason}.`, since, ...again }
        : {
            kind: "process_ended",
            sentence: `${role} is dead: ${ended(seat.reason, seat.exit)}`,
            since: seat.exit.at,
            ...again,
          };
    default:
      return remote
        ? {
            kind: "not_started",
            sentence: `${role} is not running: ${seat?.reason ?? "nobody sits here"}.`,
            since,
            ...again,
          }
        : {
            kind: "not_here",
            sentence: `${role} is run by a person and not here: ${seat?.reason ?? "nobody sits here"}.`,
            since,
            ...again,
          };
  }
}

type Exit = NonNullable<NonNullable<RoleFacts["seat"]>["exit"]>;

function ended(reason: string, exit: Exit | null): string {
  const words = exit === null || exit.lastWords === "" ? "" : ` It said: ${exit.lastWords}`;
  return `${reason}.${words}`;
}

/** Its holder lives, and yet the work that it has does not go on. */
function ofTurn(facts: RoleFacts): Holdup | null {
  const { room, role, agent, question, seat, task } = facts;
  if (question !== null)
    return {
      kind: "question",
      sentence: `${role} asks people: ${question.title}`,
      since: question.since,
      ...run(`muster approvals --room ${room}`),
    };
  if (task === null) return null;
  const { since, status } = task;
  const show = run(`muster task show --room ${room} ${task.id}`);
  if (status === "cancelled")
    return {
      kind: "cancelling",
      sentence: `${role} has not yet ended the turn of a cancelled task.`,
      since,
      ...show,
    };
  if (seat?.stalled === true)
    return {
      kind: "stalled",
      sentence: `${role} has its task and says nothing of any progress.`,
      since,
      ...(agent?.type === "remote" ? restart(facts) : show),
    };
  if (status === "acknowledged")
    return {
      kind: "not_begun",
      sentence: `${role} claimed a task and has not begun it.`,
      since,
      ...show,
    };
  return null;
}

function ofQueue(facts: RoleFacts): Holdup | null {
  const { room, role, seat, task, queue } = facts;
  const { held, offered, backedOff, deadLetter } = queue;
  if (held !== null)
    return {
      kind: "held",
      sentence: `The next task of ${role} is held for a person: ${held.by}.`,
      since: held.since,
      ...retry(facts, held.id),
    };
  // While it works, what waits gets its turn.
  if (task !== null) return null;
  if (offered !== null) return notTaken(facts, offered, seat?.parked === true);
  if (backedOff !== null)
    return {
      kind: "backoff",
      sentence: `A task of ${role} came back and is offered again after a pause.`,
      since: backedOff.since,
      ...run(`muster task show --room ${room} ${backedOff.id}`),
    };
  if (deadLetter === null) return null;
  return {
    kind: "dead_letter",
    sentence: `A task of ${role} was ${deadLetter.reason}.`,
    since: deadLetter.since,
    ...retry(facts, deadLetter.id),
  };
}

function notTaken(facts: RoleFacts, { since }: Queued, parked: boolean): Holdup {
  const { role, agent } = facts;
  if (parked)
    return {
      kind: "between_waits",
      sentence: `${role} is between two waits and takes its task when it asks again.`,
      since,
      ...wait(facts),
    };
  return {
    kind: "not_taken",
    sentence: `${role} is ready, but has not taken the task that waits for it.`,
    since,
    ...(agent?.type === "remote" ? restart(facts) : wait(facts)),
  };
}
