import type { Rule, Document } from "../checks/ledger.ts";
import { Ledger } from "../checks/ledger.ts";
import { lifecycles, noCoverage } from "../checks/lifecycles.ts";
import type { Coverage } from "../checks/lifecycles.ts";
import { order } from "../checks/order.ts";
import { starts } from "../checks/starts.ts";
import { tasks } from "../checks/tasks.ts";
import { advance, finish } from "../clockwork.ts";
import { World } from "../kernel/world.ts";
import type { Process } from "../machine/process.ts";
import type { Plan } from "../plan.ts";
import { Town } from "../town.ts";

const SECOND = 1_000;

/** What a scene begins with: nobody works and nothing fails unless the scene says so. */
interface Setting {
  readonly timing: Plan["timing"];
  readonly machines?: number;
  readonly agents: number;
}

export interface Answer {
  readonly value?: unknown;
  readonly kind?: string;
}

/** A town in which one thing is tried and measured, in virtual time. */
export interface Stage {
  readonly town: Town;
  readonly world: World;
  readonly ledger: Ledger;
  readonly coverage: Coverage;
  /** Every start of a program so far, the oldest first. */
  readonly spawned: readonly Process[];
  /** Lets `ms` of true time pass. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until `done`. Answers how long that took; null when it is not so after `limit` ms. */
  until(done: () => boolean, limit: number, step?: number): Promise<number | null>;
  agents(): Document[];
  allReady(): boolean;
  /** ada calls a mutation. Answers its value, or the kind of its refusal. */
  call(path: string, args: object): Promise<Answer>;
  /** The same as whoever holds the newest credential of a kind, past the network. */
  callAs(kind: "person" | "machine" | "agent", path: string, args: object): Promise<Answer>;
}

const ROOM_SIZE = 16;

function planOf({ timing, machines = 1, agents }: Setting): Plan {
  const names = Array.from({ length: machines }, (_, at) => `mini${at + 1}`);
  const team = Array.from({ length: agents }, (_, at) => ({
    room: `harbor${Math.floor(at / ROOM_SIZE) + 1}`,
    role: `builder${at + 1}`,
    machine: names[at % machines] ?? "mini1",
  }));
  const rooms = [...new Set(team.map(({ room }) => room))];
  return {
    seed: 1,
    timing,
    length: 0,
    machines: names,
    rooms: rooms.map((name) => ({
      name,
      team: team.filter(({ room }) => room === name).map(({ role }) => role),
    })),
    agents: team,
    pace: SECOND,
    temper: {
      turn: [20 * SECOND, 60 * SECOND],
      fails: 0,
      dies: 0,
      hangs: 0,
      deaf: 0,
      leaves: 0,
      handsOff: 0,
      endsChain: 1,
    },
    faults: new Map(),
    schedules: [],
    rest: 0,
    isGentle: false,
  };
}

/**
 * Opens a town, waits until all of its agents are ready unless `crowd` says that they never will be, plays `act` in it
 * and closes it. @throws when a rule was broken meanwhile
 */
export async function onStage<T>(
  setting: Setting,
  act: (stage: Stage) => Promise<T>,
  before: (world: World, town: Town) => void = () => {},
): Promise<T> {
  const world = new World(1, null);
  const town = new Town(world, planOf(setting));
  const ledger = new Ledger(world, town.backend);
  const coverage: Coverage = noCoverage();
  const rules: Rule[] = [
    lifecycles(ledger, coverage),
    tasks(ledger),
    starts(world, ledger),
    order(ledger),
  ];
  for (const rule of rules) ledger.add(rule);
  const spawned: Process[] = [];
  world.onSpawn((process) => spawned.push(process as Process));
  before(world, town);
  const stage: Stage = {
    town,
    world,
    ledger,
    coverage,
    spawned,
    pass: async (ms) => await advance(world, world.now + ms),
    async until(done, limit, step = 50) {
      const from = world.now;
      while (!done()) {
        if (world.now - from > limit) return null;
        await advance(world, world.now + step);
      }
      return world.now - from;
    },
    agents: () => [...ledger.all("participants")],
    allReady: () =>
      [...ledger.all("participants")].filter(({ agentStatus }) => agentStatus === "ready")
        .length === setting.agents,
    call: async (path, args) => await callAs(town, "person", ledger, path, args),
    callAs: async (kind, path, args) => await callAs(town, kind, ledger, path, args),
  };
  try {
    await finish(world, town.open());
    await stage.until(() => town.isOpen, 60 * SECOND, SECOND);
    const result = await act(stage);
    const [violation] = world.violations;
    if (violation !== undefined) throw new Error(`${violation.rule}: ${violation.what}`);
    return result;
  } finally {
    town.close();
  }
}

async function callAs(
  town: Town,
  kind: string,
  ledger: Ledger,
  path: string,
  args: object,
): Promise<Answer> {
  const all = [...ledger.all("credentials")];
  const id = all.findLast((one) => one["kind"] === kind)?._id ?? "";
  const outcome = await town.backend.deployment.engine.mutation({
    path,
    args: args as never,
    identity: { kind: "user", attributes: { subject: id, issuer: "", tokenIdentifier: id } },
    caller: "client",
  });
  if (outcome.success) return { value: outcome.value };
  const data = outcome.errorData as { kind?: string } | undefined;
  return { kind: data?.kind ?? outcome.errorMessage };
}

/** Starts of agents since `from` (ms of true time). */
export function startsSince({ spawned }: Stage, from: number): Process[] {
  return spawned.filter(
    ({ start, startedAt }) => start.program === "agent-run/main.ts" && startedAt >= from,
  );
}
