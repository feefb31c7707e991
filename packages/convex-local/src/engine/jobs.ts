import { getConvexSize, type JSONValue } from "convex/values";
import { decode } from "../values/decode.ts";
import { encodeKey, endOfPrefix } from "../values/key.ts";
import { type Catalog, JOBS } from "./catalog.ts";
import type { Document } from "./document.ts";
import type { ScheduledJob } from "./engine.ts";
import { DeveloperError } from "./failure.ts";
import { canonicalPath, type Functions } from "./functions.ts";
import type { Interval } from "./reads.ts";
import type { Transaction } from "./transaction.ts";
import type { Store } from "../storage/store.ts";

const LARGEST_ARGUMENTS = 4 * 1024 * 1024;

export interface JobRequest {
  readonly path: string;
  readonly args: JSONValue;
  /** Seconds since the epoch. */
  readonly ts: number;
}

/** A row of `_scheduled_functions`. */
interface JobDocument {
  readonly _id: string;
  /** `dir/mod.js:fn` */
  readonly name: string;
  readonly args: readonly [JSONValue];
  readonly scheduledTime: number;
  readonly completedTime?: number;
  readonly state: JobState;
}

export type JobState =
  | { readonly kind: "pending" | "inProgress" | "success" | "canceled" }
  | { readonly kind: "failed"; readonly error: string };

/**
 * Puts a job into the transaction; it exists if and only if that commits. `parent` is the job that schedules it, if one does: what a
 * cancelled job schedules is cancelled with it. Answers the new job's id.
 */
export function scheduleJob(
  transaction: Transaction,
  functions: Functions,
  request: JobRequest,
  parent: string | undefined,
): string {
  const definition = functions.find(request.path);
  if (definition === undefined || definition.kind === "query") {
    throw new DeveloperError(
      `Could not find a mutation or action named '${request.path}' to schedule.`,
    );
  }
  if (!Number.isFinite(request.ts)) {
    throw new DeveloperError("Invalid argument `ts`: expected a time in seconds.");
  }
  const { now } = transaction.parts;
  const size = getConvexSize(decode(request.args));
  if (size > LARGEST_ARGUMENTS) {
    throw new DeveloperError(
      `The arguments of a scheduled function are too large: ${size} bytes, at most ${LARGEST_ARGUMENTS}.`,
    );
  }
  transaction.usage.add("functionsScheduled", 1);
  transaction.usage.add("scheduledFunctionArgsBytes", size);
  return transaction.insert(JOBS, {
    name: `${definition.module}.js:${definition.export}`,
    args: [request.args],
    // Seconds as a float carry about a quarter of a microsecond.
    scheduledTime: Math.round(request.ts * 1e6) / 1e3,
    ...(isCancelled(transaction, parent)
      ? { state: { kind: "canceled" }, completedTime: now }
      : { state: { kind: "pending" } }),
  });
}

function isCancelled(transaction: Transaction, id: string | undefined): boolean {
  if (id === undefined) return false;
  return transaction.unbounded(() => jobOf(transaction, id))?.state.kind === "canceled";
}

/**
 * Cancels a job that has not ended; one that runs goes on, but counts as cancelled. What is over, and perhaps forgotten by now, stays as
 * it is. `running` is the job that asks, if one does.
 */
export function cancelJob(transaction: Transaction, id: string, running: string | undefined): void {
  if (!transaction.parts.catalog.isIdOf(JOBS, id)) {
    throw new DeveloperError(`'${id}' is not the id of a scheduled function.`);
  }
  const job = jobOf(transaction, id);
  if (job === null) return;
  // A mutation's own job is pending until it commits; an action's is in progress, and may be cancelled by it.
  if (id === running && job.state.kind === "pending") {
    throw new DeveloperError("A scheduled mutation cannot cancel itself.");
  }
  if (job.state.kind === "pending" || job.state.kind === "inProgress") {
    setJobState(transaction, id, { kind: "canceled" });
  }
}

export function jobOf(transaction: Transaction, id: string): JobDocument | null {
  if (!transaction.parts.catalog.isIdOf(JOBS, id)) return null;
  return transaction.get(id) as unknown as JobDocument | null;
}

export function pathOfJob(job: { readonly name: string }): string {
  return canonicalPath(job.name);
}

export function setJobState(transaction: Transaction, id: string, state: JobState): void {
  const isOver = state.kind !== "pending" && state.kind !== "inProgress";
  const completed: Document = isOver ? { completedTime: transaction.parts.now } : {};
  transaction.shallowMerge(id, { state: { ...state }, ...completed });
}

/** Jobs in a state with `scheduledTime` up to `until`, earliest first. */
export function jobsIn(
  store: Store,
  catalog: Catalog,
  kind: JobState["kind"],
  limit: number,
  until = Infinity,
): (ScheduledJob & { readonly completedTime: number | undefined })[] {
  const index = catalog.table(JOBS)?.indexes.get("by_due");
  if (index === undefined) return [];
  const interval: Interval = { from: encodeKey([kind]), to: endOfPrefix(encodeKey([kind, until])) };
  return store.scan(index.id, interval.from, interval.to, "asc", limit).map(({ value }) => {
    const job = JSON.parse(value) as JobDocument;
    return {
      id: job._id,
      path: pathOfJob(job),
      args: job.args[0],
      scheduledTime: job.scheduledTime,
      completedTime: job.completedTime,
    };
  });
}
