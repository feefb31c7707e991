import { availableParallelism } from "node:os";
import type { Script } from "../../bundle/bundle.ts";
import { hasLongLog } from "../../storage/sqlite.ts";
import { systemClock, systemRandom } from "../clock.ts";
import type { EngineOptions } from "../engine.ts";
import type { Functions } from "../functions.ts";
import { Gain } from "./gain.ts";
import type { Sharing } from "./queries.ts";
import { QueryCosts } from "./costs.ts";
import { QueryWorkers } from "./workers.ts";
import type { WorkerStart } from "./message.ts";

/** More do not help: one thread hands out the work and takes the answers. */
const MOST = 4;

/** The functions in service, and what they were made of. */
export interface Serving {
  readonly functions: () => Functions;
  readonly realm: () => Script;
}

/**
 * How an engine with these options shares queries with other threads; undefined if it does not. They would have time and chance of
 * their own and open the database themselves, so they are for an engine whose time, chance and database are the host's.
 */
export function sharingOf(
  options: EngineOptions,
  { functions, realm }: Serving,
  start: Omit<WorkerStart, "realm" | "environment">,
  environment: () => WorkerStart["environment"],
): Sharing | undefined {
  const { clock = systemClock, random = systemRandom, openDriver, data } = options;
  const most = options.queryWorkers ?? Math.min(availableParallelism() - 1, MOST);
  const isHosts = clock === systemClock && random === systemRandom && openDriver === undefined;
  if (most === 0 || !isHosts || data === ":memory:") return undefined;
  return {
    costs: new QueryCosts(functions),
    gain: new Gain(clock),
    workers: new QueryWorkers({
      most,
      areForced: options.forceQueryWorkers ?? false,
      clock,
      mayRead: () => !hasLongLog(start.database),
      start: () => ({ ...start, realm: realm(), environment: environment() }),
      onLog: options.onLog ?? (() => {}),
    }),
  };
}
