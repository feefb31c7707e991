import { amountOf } from "../../../scripts/amount.mjs";
import type { StartOptions } from "../src/index.ts";

const count = process.env["MUSTER_QUERY_WORKERS"];

/** With MUSTER_QUERY_WORKERS=2 the runtimes of tests have all queries run by two workers that can be. */
export const forcedWorkers: Partial<StartOptions> =
  count === undefined
    ? {}
    : { queryWorkers: amountOf("MUSTER_QUERY_WORKERS", count, 0), forceQueryWorkers: true };

export const areWorkersForced = count !== undefined;
