import { expect, test } from "vitest";
import { HOLDUP_KINDS, holdup } from "./holdup.ts";
import type { HoldupKind, RoleFacts } from "./holdup.ts";

type Agent = NonNullable<RoleFacts["agent"]>;
type Machine = NonNullable<RoleFacts["machine"]>;
type Seat = NonNullable<RoleFacts["seat"]>;
type Queue = RoleFacts["queue"];

const remote: Agent = { type: "remote", desired: "running", harness: "demo" };
const custom: Agent = { ...remote, type: "custom" };
const mini: Machine = { name: "mini", connected: true, since: 7, problem: null };
const ready: Seat = {
  status: "ready",
  since: 5,
  reason: "left",
  stalled: false,
  parked: false,
  exit: null,
};
const empty: Queue = { held: null, offered: null, backedOff: null, deadLetter: null };
const job = { id: "t1", since: 9 };

const fine: RoleFacts = {
  room: "harbor",
  archivedAt: null,
  role: "builder",
  agent: remote,
  machine: mini,
  seat: ready,
  question: null,
  task: null,
  queue: empty,
};
const down = (status: Seat["status"], rest: Partial<Seat> = {}): Partial<RoleFacts> => ({
  seat: { ...ready, status, ...rest },
});
const exit = { at: 8, lastWords: "no such model" };
const at = "--room harbor --role builder";

const CASES: Record<HoldupKind, [Partial<RoleFacts>, RegExp, number | null, string]> = {
  archived: [
    { archivedAt: 3, agent: { ...remote, desired: "stopped" }, ...down("offline") },
    /^The room harbor is archived/,
    3,
    "muster room unarchive harbor",
  ],
  no_agent: [
    { agent: null, seat: null },
    /^builder has no agent yet\.$/,
    null,
    `muster agent add ${at} --harness demo`,
  ],
  stopped: [
    { agent: { ...remote, desired: "stopped" }, ...down("offline") },
    /is stopped/,
    5,
    `muster agent start ${at}`,
  ],
  no_machine: [
    { machine: null, ...down("dead") },
    /has no machine/,
    null,
    `muster agent add ${at} --harness demo`,
  ],
  machine_away: [
    { machine: { ...mini, connected: false }, ...down("offline") },
    /nothing is heard from its daemon/,
    7,
    "muster machine daemon start",
  ],
  harness_missing: [
    {
      machine: { ...mini, problem: { message: "demo is not there.", command: "muster mend" } },
      ...down("dead"),
    },
    /^demo is not there\.$/,
    null,
    "muster mend",
  ],
  starting: [down("restarting"), /is being started/, 5, `muster agent logs ${at}`],
  gave_up: [
    down("dead_failed_revive", { reason: "gave up after 3 starts", exit }),
    /gave up after 3 starts\. It said: no such model$/,
    5,
    `muster agent start ${at}`,
  ],
  process_ended: [
    down("dead", { reason: "its process ended with code 1", exit }),
    /its process ended with code 1\. It said: no such model$/,
    8,
    `muster agent start ${at}`,
  ],
  silent: [
    down("dead", { reason: "not heard from within its lease" }),
    /was not heard from/,
    5,
    `muster agent start ${at}`,
  ],
  not_started: [down("offline"), /is not running: left\.$/, 5, `muster agent start ${at}`],
  not_here: [
    { agent: custom, machine: null, ...down("offline") },
    /is run by a person and not here: left\.$/,
    5,
    `muster wait-for-task ${at}`,
  ],
  question: [
    { question: { title: "Run make?", since: 11 }, ...down("working") },
    /asks people: Run make\?$/,
    11,
    "muster approvals --room harbor",
  ],
  cancelling: [
    { task: { ...job, status: "cancelled" }, ...down("working") },
    /cancelled task/,
    9,
    "muster task show --room harbor t1",
  ],
  stalled: [
    { task: { ...job, status: "in_progress" }, ...down("working", { stalled: true }) },
    /says nothing of any progress/,
    9,
    `muster agent restart ${at}`,
  ],
  not_begun: [
    { task: { ...job, status: "acknowledged" } },
    /has not begun it/,
    9,
    "muster task show --room harbor t1",
  ],
  held: [
    { queue: { ...empty, held: { ...job, by: "its chain has 33 handoffs" } } },
    /held for a person: its chain has 33 handoffs\.$/,
    9,
    "muster task retry --room harbor t1",
  ],
  between_waits: [
    { agent: custom, seat: { ...ready, parked: true }, queue: { ...empty, offered: job } },
    /between two waits/,
    9,
    `muster wait-for-task ${at}`,
  ],
  not_taken: [
    { queue: { ...empty, offered: job } },
    /ready, but has not taken/,
    9,
    `muster agent restart ${at}`,
  ],
  backoff: [
    { queue: { ...empty, backedOff: job } },
    /offered again after a pause/,
    9,
    "muster task show --room harbor t1",
  ],
  dead_letter: [
    { queue: { ...empty, deadLetter: { ...job, reason: "given up after 3 recoveries" } } },
    /was given up after 3 recoveries\.$/,
    9,
    "muster task retry --room harbor t1",
  ],
};

test.each(HOLDUP_KINDS)("%s is named with its sentence, its time and what helps", (kind) => {
  const [facts, sentence, since, command] = CASES[kind];
  const found = holdup({ ...fine, ...facts });
  expect(found).toMatchObject({ kind, since, command });
  expect(found?.sentence).toMatch(sentence);
});

test("what a button can do is told beside the command, and only then", () => {
  const helped = HOLDUP_KINDS.filter((kind) => {
    const found = holdup({ ...fine, ...CASES[kind][0] });
    const [, noun = "", verb = ""] = found?.command.split(" ") ?? [];
    if (found?.help === null) return false;
    expect(found?.help?.action).toBe(verb);
    expect(["agent", "task"]).toContain(noun);
    return true;
  });
  expect(helped).toEqual([
    "stopped",
    "gave_up",
    "process_ended",
    "silent",
    "not_started",
    "stalled",
    "held",
    "not_taken",
    "dead_letter",
  ]);
});

test("nothing holds up a role that is ready without work, or works while more waits", () => {
  expect(holdup(fine)).toBeNull();
  const task = { ...job, status: "in_progress" };
  const queue = { ...empty, offered: job, backedOff: job, deadLetter: { ...job, reason: "" } };
  expect(holdup({ ...fine, ...down("working"), task, queue })).toBeNull();
});

test("of several things the first on the way from the agent to its queue is told", () => {
  const worst: RoleFacts = {
    ...fine,
    agent: { ...remote, desired: "stopped" },
    machine: { ...mini, connected: false },
    ...down("dead_failed_revive"),
    queue: { ...empty, held: { ...job, by: "budget" } },
  };
  expect(holdup(worst)?.kind).toBe("stopped");
  expect(holdup({ ...worst, agent: remote })?.kind).toBe("machine_away");
  expect(holdup({ ...worst, agent: remote, machine: mini })?.kind).toBe("gave_up");
  expect(holdup({ ...worst, agent: remote, machine: mini, seat: ready })?.kind).toBe("held");
});

test("an agent that lives works on although its machine's daemon is away", () => {
  expect(holdup({ ...fine, machine: { ...mini, connected: false } })).toBeNull();
});
