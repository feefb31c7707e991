import { Random } from "./kernel/random.ts";
import type { Temper } from "./programs/harness.ts";

interface PlannedAgent {
  readonly room: string;
  readonly role: string;
  /** Null for one that a person runs in a tool of their own. */
  readonly machine: string | null;
}

interface PlannedSchedule {
  readonly room: string;
  readonly role: string;
  readonly name: string;
  readonly cadence:
    | { readonly type: "interval"; readonly everyMs: number }
    | { readonly type: "cron"; readonly expression: string; readonly zone: string }
    /** So many ms after the rooms were opened. */
    | { readonly type: "once"; readonly after: number };
}

type Timing = "standard" | "fast";

/** What a run is made of: drawn from its seed, or asked for. */
export interface Plan {
  readonly seed: number;
  readonly timing: Timing;
  /** Ms of true time in which people work and things fail. */
  readonly length: number;
  readonly machines: readonly string[];
  readonly rooms: readonly { readonly name: string; readonly team: readonly string[] }[];
  readonly agents: readonly PlannedAgent[];
  /** Ms between two things that people do, on average. */
  readonly pace: number;
  readonly temper: Temper;
  readonly schedules: readonly PlannedSchedule[];
  /** Ms of calm at the end, in which nobody does anything and only schedules tick. */
  readonly rest: number;
  /** Nothing happens that a lease does not allow: nobody may be thought dead. */
  readonly isGentle: boolean;
  /** Mean ms between two faults of a kind; a kind that is missing never happens. */
  readonly faults: ReadonlyMap<FaultKind, number>;
}

const FAULT_KINDS = [
  "bad weather",
  "cut line",
  "one-way line",
  "backend crash",
  "backend crash around a commit",
  "backend disk fails",
  "backend freezes",
  "backend clock jumps",
  "agent killed",
  "waiter killed",
  "daemon killed",
  "daemon asked to end",
  "process frozen",
  "machine sleeps",
  "all sleep",
  "power cut",
  "clock jumps",
  "clock drifts",
  "few pids",
  "disk full",
  "cron repeated",
  "trigger doubled",
  "seat taken twice",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number] | "cron skipped";

const MINUTE = 60_000;
const LARGEST_TEAM = 16;
const ROLES = ["planner", "builder", "reviewer", "tester", "writer", "scout", "cook", "smith"];

export interface Wishes {
  readonly agents?: number | undefined;
  readonly hours?: number | undefined;
  readonly calm?: boolean | undefined;
  /** People do more, and more fails, in the same time. */
  readonly dense?: boolean | undefined;
  readonly gentle?: boolean | undefined;
  /** Minutes between two things that people do, for each agent; some eight when absent. */
  readonly pace?: number | undefined;
  /** The timing of leases and beats; drawn from the seed when absent. */
  readonly timing?: Timing | undefined;
  /** Simulated hours of rest after the work. */
  readonly rest?: number | undefined;
}

/** By how much a dense plan is quicker. */
const HASTE = 4;

/** Draws a run: how many machines and rooms, who works where, and the few kinds of faults that happen in it. */
export function planOf(seed: number, random: Random, wishes: Wishes): Plan {
  const machines = Array.from({ length: random.int(1, 5) }, (_, at) => `mini${at + 1}`);
  const wanted = random.int(1, 4);
  const size = wishes.agents ?? random.int(wanted, 3 * wanted + 2);
  const rooms = Math.max(wanted, Math.ceil(size / LARGEST_TEAM));
  const agents = Array.from({ length: size }, (_, at) => {
    const custom = at > 0 && random.chance(0.15);
    const room = `harbor${(at % rooms) + 1}`;
    const turn = Math.floor(at / rooms);
    const again = Math.floor(turn / ROLES.length);
    const role = `${ROLES[turn % ROLES.length]}${again === 0 ? "" : again + 1}`;
    return { room, role, machine: custom ? null : random.pick(machines) };
  });
  const teams = Array.from({ length: Math.min(rooms, size) }, (_, at) => {
    const name = `harbor${at + 1}`;
    return { name, team: agents.filter(({ room }) => room === name).map(({ role }) => role) };
  });
  const haste = wishes.dense === true ? HASTE : 1;
  const isGentle = wishes.gentle === true;
  const wild = wishes.calm !== true && !isGentle;
  return {
    seed,
    timing: timingOf(random, wishes.timing),
    length: (wishes.hours ?? random.between(0.3, 1)) * 60 * MINUTE,
    machines,
    rooms: teams,
    agents,
    pace: (paceOf(random, wishes.pace) * MINUTE) / size / haste,
    temper: wild ? temperOf(random) : CALM_TEMPER,
    faults: wild ? faultsOf(random, haste, seed) : new Map(),
    schedules: schedulesOf(random.fork("schedules"), agents),
    rest: (wishes.rest ?? 0) * 60 * MINUTE,
    isGentle,
  };
}

/** Drawn in any case, as the timing is: what was asked for changes nothing else in the plan. */
function paceOf(random: Random, wanted: number | undefined): number {
  const drawn = random.between(0.5, 2) * 8;
  return wanted ?? drawn;
}

function timingOf(random: Random, wanted: Timing | undefined): Timing {
  const drawn = random.chance(0.7) ? "fast" : "standard";
  return wanted ?? drawn;
}

const CALM_TEMPER: Temper = {
  turn: [20_000, 15 * MINUTE],
  fails: 0.02,
  dies: 0,
  hangs: 0,
  deaf: 0,
  leaves: 0,
  handsOff: 0.5,
  endsChain: 0.5,
  repeats: 0,
};

function temperOf(random: Random): Temper {
  const sometimes = (share: number) => (random.chance(0.4) ? random.between(0, share) : 0);
  return {
    turn: random.chance(0.3) ? [200, 20_000] : [5_000, 8 * MINUTE],
    fails: sometimes(0.3),
    dies: sometimes(0.6),
    hangs: sometimes(0.1),
    deaf: sometimes(0.5),
    leaves: sometimes(0.4),
    handsOff: random.between(0, 0.8),
    endsChain: random.between(0, 1),
    repeats: sometimes(0.5),
  };
}

/** Up to three schedules in all: an interval, a cron expression of somebody's zone, and a date. */
function schedulesOf(random: Random, agents: readonly PlannedAgent[]): PlannedSchedule[] {
  const cadences: PlannedSchedule["cadence"][] = [
    { type: "interval", everyMs: random.int(3, 40) * MINUTE },
    {
      type: "cron",
      expression: random.pick(["*/10 * * * *", "7 * * * *", "30 1-5 * * *"]),
      zone: random.pick(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Chatham"]),
    },
    { type: "once", after: random.between(MINUTE, 20 * MINUTE) },
  ];
  return cadences
    .filter(() => random.chance(0.8))
    .map((cadence) => {
      const { room, role } = random.pick(agents);
      return { room, role, name: `by-${cadence.type}`, cadence };
    });
}

/** A few kinds each time: all of them together would hide what two of them do. */
function faultsOf(random: Random, haste: number, seed: number): Map<FaultKind, number> {
  const share = random.between(0.1, 0.5);
  const chosen = FAULT_KINDS.filter(() => random.chance(share));
  const rate = (from: Random) => (from.between(1, 12) * MINUTE) / haste;
  const faults = new Map<FaultKind, number>(chosen.map((kind) => [kind, rate(random)]));
  // Drawn by itself, so that it changes nothing of what else fails.
  const crons = new Random(`${seed} skipped crons`);
  if (crons.chance(share)) faults.set("cron skipped", rate(crons));
  return faults;
}
