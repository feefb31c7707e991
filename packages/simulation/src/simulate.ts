import { Forger } from "./checks/forger.ts";
import { Ledger } from "./checks/ledger.ts";
import { diary } from "./checks/diary.ts";
import { lifecycles, noCoverage } from "./checks/lifecycles.ts";
import type { Coverage } from "./checks/lifecycles.ts";
import { claims } from "./checks/liveness-claims.ts";
import { ends } from "./checks/ends.ts";
import { order } from "./checks/order.ts";
import { down, longestRecovery, unsettled } from "./checks/settled.ts";
import { outages } from "./checks/outages.ts";
import { seats } from "./checks/seats.ts";
import { starts } from "./checks/starts.ts";
import { tasks } from "./checks/tasks.ts";
import { strangers } from "./checks/strangers.ts";
import { told } from "./checks/told.ts";
import { falseDeaths } from "./checks/false-deaths.ts";
import { overdue, ticks } from "./checks/ticks.ts";
import { watchers } from "./checks/watchers.ts";
import { advance, finish } from "./clockwork.ts";
import { currentOrNone } from "./machine/current.ts";
import { Gentle } from "./gentle.ts";
import { World } from "./kernel/world.ts";
import type { Violation } from "./kernel/world.ts";
import { Faults } from "./faults.ts";
import { planOf } from "./plan.ts";
import type { Plan, Wishes } from "./plan.ts";
import { Town } from "./town.ts";

export interface Outcome {
  readonly plan: Plan;
  readonly digest: string;
  readonly events: number;
  readonly commits: number;
  readonly requests: number;
  /** Ms of true time. */
  readonly length: number;
  /** Ms from the last fault until everything was well. */
  readonly settling: number | null;
  readonly faults: ReadonlyMap<string, number>;
  readonly coverage: Coverage;
  readonly violations: readonly Violation[];
}

/** How long a town may take to be well when nothing fails any more: a harness that hangs is ended after half an hour. */
const PATIENCE_MS = 100 * 60_000;
const LOOK_MS = 5_000;
/** After a jump of the backend's clock the clean-up cron sees, two minutes later at most, what has become due. */
const NOTICED_MS = 3 * 60_000;

/** One run from its seed: people work, things fail, then nothing fails any more and everything has to become well. */
export async function simulate(
  seed: number,
  wishes: Wishes,
  print: ((line: string) => void) | null = null,
): Promise<Outcome> {
  const world = new World(seed, print);
  const plan = planOf(seed, world.random.fork("plan"), wishes);
  const town = new Town(world, plan);
  const ledger = new Ledger(world, town.backend);
  const coverage: Coverage = noCoverage();
  for (const rule of [
    diary(ledger),
    lifecycles(ledger, coverage),
    tasks(ledger),
    claims(ledger, plan.timing),
    starts(world, ledger),
    order(ledger),
    ticks(ledger),
    falseDeaths(ledger, plan),
    seats(ledger, plan.timing),
    ends(world),
    strangers(world),
    told(world),
    outages(ledger, plan.timing),
  ]) {
    ledger.add(rule);
  }
  const stop = catchRejections(world);
  try {
    await finish(world, town.open());
    const faults = new Faults(town);
    const forger = plan.isGentle ? null : new Forger(town, ledger, coverage);
    const gentle = plan.isGentle ? new Gentle(town) : null;
    await advance(world, plan.length, () => world.violations.length > 0);
    gentle?.end();
    forger?.end();
    faults.end();
    const settling = await settle(town, ledger);
    if (settling !== null) await rest(town, ledger);
    if (settling !== null) await watchers(town, ledger);
    return {
      plan,
      digest: world.trace.digest(),
      events: world.trace.events,
      commits: ledger.commits,
      requests: town.backend.requests,
      length: world.now,
      settling,
      faults: world.faults,
      coverage,
      violations: world.violations,
    };
  } finally {
    stop();
    town.close();
  }
}

/** Nobody does anything any more: only schedules tick, and none of them is forgotten. */
async function rest({ world, plan }: Town, ledger: Ledger): Promise<void> {
  await advance(world, world.now + plan.rest, () => world.violations.length > 0);
  if (overdue(ledger).length > 0) await advance(world, world.now + NOTICED_MS);
  const late = overdue(ledger);
  if (late.length > 0) world.violate("I10", late.join("; "));
}

async function settle(town: Town, ledger: Ledger): Promise<number | null> {
  const { world } = town;
  const from = world.now;
  const bound = longestRecovery(town.plan.timing);
  let [wrong, hadAll] = [["nothing was looked at"], false];
  for (let asked = false; world.now < from + PATIENCE_MS;) {
    if (world.violations.length > 0) return null;
    await advance(world, world.now + LOOK_MS);
    wrong = unsettled(ledger);
    const missing = down(ledger, town.displaced);
    hadAll ||= missing.length === 0;
    if (!hadAll && world.now - from > bound) {
      world.violate("liveness", `${bound / 1_000} s after the last fault: ${missing.join("; ")}`);
      return null;
    }
    if (!town.isOpen) wrong.push("the rooms were never opened");
    if (wrong.length === 0) return world.now - from;
    // What was given up is a person's to start again.
    if (!asked && world.now > from + 60_000) {
      asked = true;
      town.isStartingAll = true;
    }
  }
  world.violate(
    "liveness",
    `after ${PATIENCE_MS / 60_000} min without faults: ${wrong.join("; ")}`,
  );
  return null;
}

/** A promise that nobody waits for and that rejects would end its process. */
function catchRejections(world: World): () => void {
  const listen = (reason: unknown) => {
    const process = currentOrNone();
    if (process !== undefined) process.break(reason);
    else world.violate("crash", (reason as Error)?.stack ?? String(reason));
  };
  process.on("unhandledRejection", listen);
  return () => process.off("unhandledRejection", listen);
}
