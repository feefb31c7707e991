import type { JSONValue } from "convex/values";
import type { Script } from "../../bundle/bundle.ts";
import type { QueryOutcome } from "../engine.ts";
import { answered } from "../outcome.ts";
import { Reads } from "../reads.ts";

/** What a query worker is begun with. */
export interface WorkerStart {
  readonly database: string;
  /** What the realms of the functions in service are made of. */
  readonly realm: Script;
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds that one query may take. */
  readonly timeout: number;
  readonly baseUrl: string;
}

/** One query that a worker has run. Keys are latin1 text: byte arrays would bring along all the memory that they are views of. */
export interface WorkerAnswer {
  /** Which of the calls it answers. */
  readonly at: number;
  /** Of the snapshot. */
  readonly ts: bigint;
  /** The value's JSON, or what the function failed with. */
  readonly end: string | { readonly errorMessage: string; readonly errorData?: JSONValue };
  readonly logLines: readonly string[];
  readonly journal: string | null;
  readonly observedIdentity: boolean;
  readonly observedTime: boolean;
  /** Of documents. */
  readonly bytesRead: number;
  /** By index, both ends of each interval, one after the other. */
  readonly reads: readonly (readonly [index: string, ends: readonly string[]])[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Milliseconds that it took. */
  readonly cost: number;
}

/** What a worker has to tell of the queries that it was asked for. It says something at least once per timeout. */
export interface WorkerReport {
  readonly answers: readonly WorkerAnswer[];
  /** The worker has let its snapshot go and waits for more. */
  readonly isLast: boolean;
}

export function pack(
  outcome: QueryOutcome,
  about: Pick<WorkerAnswer, "at" | "startedAt" | "endedAt" | "cost">,
): WorkerAnswer {
  const { ts, text, logLines, journal, observedIdentity, observedTime, bytesRead } = outcome;
  const reads = Array.from(
    outcome.reads.intervals(),
    ([index, intervals]) =>
      [index, intervals.flatMap(({ from, to }) => [latin1(from), latin1(to)])] as const,
  );
  const end = outcome.success ? text : failureOf(outcome);
  const observed = { observedIdentity, observedTime, reads, bytesRead };
  return { ts, end, logLines, journal, ...observed, ...about };
}

export function unpack(answer: WorkerAnswer): QueryOutcome {
  const { end, logLines, ts, journal, observedIdentity, observedTime, bytesRead } = answer;
  const outcome =
    typeof end === "string"
      ? answered(end, logLines)
      : { success: false as const, ...end, logLines, text: "" };
  const reads = new Reads();
  for (const [index, ends] of answer.reads) {
    for (let at = 0; at < ends.length; at += 2) {
      reads.add(index, () => ({ from: bytes(ends[at]), to: bytes(ends[at + 1]) }));
    }
  }
  const observed = { observedIdentity, observedTime, reads, bytesRead };
  return Object.assign(outcome, { ts, journal, ...observed });
}

function failureOf({ errorMessage, errorData }: QueryOutcome & { success: false }) {
  return errorData === undefined ? { errorMessage } : { errorMessage, errorData };
}

function latin1(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("latin1");
}

function bytes(text = ""): Uint8Array {
  return Buffer.from(text, "latin1");
}
