import {
  AGENT_EVENTS,
  AGENT_STATUSES,
  agentTransition,
  TASK_STATUSES,
  TASK_TRIGGERS,
  taskTransition,
} from "@muster/core";
import type { AgentEvent, AgentStatus, TaskEvent, TaskStatus } from "@muster/core";
import type { Ledger, Rule, Written } from "./ledger.ts";

/** `ready task_started working`: one edge of a lifecycle. */
type Edge = string;

const YES_NO = [true, false];

/** Every event with every combination of its facts. */
function agentEvents(): AgentEvent[] {
  return AGENT_EVENTS.flatMap((type) =>
    YES_NO.flatMap((one) =>
      YES_NO.flatMap((two) =>
        (["running", "stopped"] as const).map(
          (desired) =>
            ({
              code: 1,
              signal: null,
              starts: 3,
              type,
              desired,
              sameHolder: one,
              holdsStartedTask: two,
              asked: one,
              currentEpoch: two,
              askedByPerson: one,
              stopped: one,
            }) satisfies AgentEvent,
        ),
      ),
    ),
  );
}

function taskEvents(): TaskEvent[] {
  return TASK_TRIGGERS.flatMap((type) =>
    YES_NO.flatMap((one) =>
      YES_NO.flatMap((two) =>
        (["acknowledged", "in_progress"] as const).flatMap((was) =>
          [0, 3].flatMap((recoveries) =>
            (["left", "process_exited"] as const).map(
              (cause) =>
                ({
                  type,
                  offered: one,
                  sameHolder: two,
                  tokenValid: one,
                  was,
                  recoveries,
                  cause,
                  epochEnded: one,
                }) satisfies TaskEvent,
            ),
          ),
        ),
      ),
    ),
  );
}

function edgesOf<Status extends string, Event extends { readonly type: string }>(
  statuses: readonly Status[],
  events: readonly Event[],
  step: (status: Status, event: Event) => { readonly refused: boolean; readonly status: Status },
): { readonly legal: Set<Edge>; readonly refused: Set<Edge> } {
  const legal = new Set<Edge>();
  const refused = new Set<Edge>();
  for (const from of statuses)
    for (const event of events) {
      const next = step(from, event);
      if (next.refused) refused.add(`${from} ${event.type}`);
      else legal.add(`${from} ${event.type} ${next.status}`);
    }
  // Refused for its facts at times, taken at others: what is never taken is illegal.
  for (const edge of legal) refused.delete(edge.split(" ").slice(0, 2).join(" "));
  return { legal, refused };
}

/** A seat whose epoch ended has no started task any more; what talks on after its task may sit down so, and is too rare to wait for. */
export const NO_WAY = new Set(
  ["offline", "ready", "restarting", "dead", "dead_failed_revive"].map(
    (from) => `${from} join working`,
  ),
);

export const AGENT_EDGES = edgesOf(AGENT_STATUSES, agentEvents(), agentTransition);
const TASK_EDGES = edgesOf(TASK_STATUSES, taskEvents(), taskTransition);
/** Tasks keep no history: what is seen of an edge is where it begins and ends. */
export const TASK_STEPS = new Set(
  [...TASK_EDGES.legal].map((edge) => {
    const [from, , to] = edge.split(" ");
    return `${from} ${to}`;
  }),
);

export interface Coverage {
  readonly agent: Set<Edge>;
  readonly agentRefused: Set<Edge>;
  readonly task: Set<Edge>;
  readonly taskRefused: Set<Edge>;
}

export function noCoverage(): Coverage {
  return { agent: new Set(), agentRefused: new Set(), task: new Set(), taskRefused: new Set() };
}

/** I2: statuses change along the tables of core and in no other way. I6: epochs only rise. */
export function lifecycles(ledger: Ledger, coverage: Coverage): Rule {
  return {
    onCommit(written) {
      const events = eventsIn(written);
      for (const { table, before, after } of written) {
        if (after === null) continue;
        if (table === "participants") {
          checkAgent(ledger, coverage, events.get(after._id) ?? [], { table, before, after });
        }
        if (table === "tasks") checkTask(ledger, coverage, { table, before, after });
        if (table === "machines") checkEpoch(ledger, { table, before, after });
      }
      for (const one of written) noteSilentRelease(ledger, coverage, one);
    },
    onAnswer({ path, value }) {
      // The same holder that joins anew for its next wait is nothing to remember.
      if (path !== "participants:join") return;
      const { agentStatus } = value as { agentStatus: string };
      coverage.agent.add(`${agentStatus} join ${agentStatus}`);
    },
  };
}

interface Recorded {
  readonly event: string;
  readonly from: AgentStatus;
  readonly to: AgentStatus;
  readonly accepted: boolean;
  readonly at: number;
  readonly _creationTime: number;
}

function eventsIn(written: readonly Written[]): Map<string, Recorded[]> {
  const events = new Map<string, Recorded[]>();
  for (const { table, before, after } of written) {
    if (table !== "participantEvents" || before !== null || after === null) continue;
    const id = after["participantId"] as string;
    events.set(id, [...(events.get(id) ?? []), after as unknown as Recorded]);
  }
  for (const list of events.values()) list.sort((a, b) => a._creationTime - b._creationTime);
  return events;
}

function checkAgent(
  ledger: Ledger,
  coverage: Coverage,
  events: readonly Recorded[],
  written: Written,
): void {
  const { before, after } = written;
  checkEpoch(ledger, written);
  let status = (before?.["agentStatus"] ?? "offline") as AgentStatus;
  for (const { event, from, to, accepted } of events) {
    if (!accepted) {
      coverage.agentRefused.add(`${from} ${event}`);
      continue;
    }
    const edge = `${from} ${event} ${to}`;
    if (from !== status || !AGENT_EDGES.legal.has(edge)) {
      ledger.world.violate("I2", `${String(after?.["role"])} was ${status}, then ${edge}`);
    }
    coverage.agent.add(edge);
    status = to;
  }
  if (status !== after?.["agentStatus"]) {
    ledger.world.violate(
      "I2",
      `${String(after?.["role"])} was ${status}, is ${String(after?.["agentStatus"])}`,
    );
  }
}

/** A task that ends without ever having begun frees a seat that was ready all the time. */
function noteSilentRelease(
  ledger: Ledger,
  coverage: Coverage,
  { table, before, after }: Written,
): void {
  const ended = after?.["status"] === "completed" && before?.["status"] === "acknowledged";
  if (table !== "tasks" || !ended) return;
  const seat = [...ledger.all("participants")].find(
    ({ roomId, role }) => roomId === after["roomId"] && role === after["role"],
  );
  if (seat?.["agentStatus"] === "ready") coverage.agent.add("ready task_released ready");
}

function checkEpoch({ world }: Ledger, { before, after }: Written): void {
  const [was, is] = [before?.["epoch"] ?? 0, after?.["epoch"] ?? 0] as [number, number];
  if (is < was) world.violate("I6", `${after?._id} went from epoch ${was} back to ${is}`);
}

/** What is queued together is committed together, so one commit may show several steps as one. */
function checkTask({ world }: Ledger, coverage: Coverage, { before, after }: Written): void {
  const from = (before?.["status"] ?? "pending") as TaskStatus;
  const to = after?.["status"] as TaskStatus;
  if (from === to) {
    const again = to === "acknowledged" && before?.["tokenHash"] !== after?.["tokenHash"];
    if (before !== null && again) coverage.task.add(`${from} ${to}`);
    return;
  }
  // A driven agent's claim begins at once; what is taken up again without a new attempt is not claimed.
  const claimed = Number(after?.["attempt"]) > Number(before?.["attempt"] ?? 0);
  if (from === "pending" && to === "in_progress" && claimed) {
    coverage.task.add("pending acknowledged").add("acknowledged in_progress");
  } else if (TASK_STEPS.has(`${from} ${to}`)) coverage.task.add(`${from} ${to}`);
  else if (!reaches(from, to, new Set())) {
    world.violate("I2", `a task of ${String(after?.["role"])} went from ${from} to ${to}`);
  }
}

function reaches(from: TaskStatus, to: TaskStatus, seen: Set<TaskStatus>): boolean {
  if (from === to) return true;
  seen.add(from);
  return TASK_STATUSES.some(
    (next) => !seen.has(next) && TASK_STEPS.has(`${from} ${next}`) && reaches(next, to, seen),
  );
}
