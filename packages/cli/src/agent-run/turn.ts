import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { HarnessUnusable } from "../adapters/adapter.ts";
import type { Adapter, TurnResult } from "../adapters/adapter.ts";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import type { BegunTurn } from "../delivery.ts";
import { AGENT_PATIENCE_MS } from "../held-seat.ts";
import type { HeldSeat } from "../held-seat.ts";
import { askPeople } from "./asker.ts";
import type { Claim } from "./claim.ts";
import type { Desk } from "./desk.ts";
import { Recorder } from "./recorder.ts";
import type { Diff } from "./recorder.ts";
import { untilOver } from "./until-over.ts";

export interface TurnOptions {
  readonly backend: Backend;
  readonly adapter: Adapter;
  /** What the harness is called on this machine. */
  readonly harness: string;
  readonly claim: Claim;
  readonly prompt: string;
  /** The words of whoever asked, without the rules around them. */
  readonly request: string;
  /** Aborting it cancels the turn, as does the end of its task. */
  readonly signal: AbortSignal;
  readonly held: HeldSeat;
  readonly desk: Desk;
  /** What the task has changed, asked once it is over; null when there is nothing to tell. */
  readonly changes: () => Promise<Diff | null>;
  /** Begun already, by the claim of its task. */
  readonly begun?: BegunTurn | undefined;
}

/** How a turn ended, and whether its task was seen to be over by then: if not, it may be so all the same. */
export type Given = TurnResult & {
  readonly taskIsOver: boolean;
  /** What the task has changed was told with the end of the turn. */
  readonly changesAreTold: boolean;
};

/** So long the end of a turn waits for what its task has changed; a large repository takes longer and tells it later. */
const CHANGES_MS = 2_000;

/**
 * Gives the harness one prompt, tells the room what happens, and lets people answer what it asks.
 * @throws HarnessDied, CliError if the task is not the caller's any more
 */
export async function giveTurn(options: TurnOptions): Promise<Given> {
  const { backend, adapter, claim, held, desk } = options;
  const { turnId, graceMs } = options.begun ?? (await begin(options));
  const { room, role, epoch } = claim;
  const recorder = new Recorder({ backend, turnId, seat: { room, role, epoch } });
  const over = untilOver({ backend, held, desk, claim, graceMs });
  const signal = AbortSignal.any([options.signal, over.signal]);
  const cancel = () => adapter.cancel();
  signal.addEventListener("abort", cancel);
  try {
    const result = signal.aborted ? CANCELLED : await prompted(options, turnId, recorder);
    const taskIsOver = await over.isOver();
    const diff = taskIsOver ? await inTime(options.changes()) : null;
    const end = { error: errorOf(result), signal: options.signal };
    await recorder.end(result.stopReason, diff === null ? end : { ...end, diff });
    return {
      ...result,
      taskIsOver: taskIsOver || (await over.isOver()),
      changesAreTold: diff !== null,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await recorder.end("failed", { error: message });
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
    over.stop();
  }
}

async function begin({ backend, claim, harness }: TurnOptions): Promise<BegunTurn> {
  const turn = { ...claim, harness, key: randomUUID() };
  return await backend.mutate(api.turns.begin, turn, { patienceMs: AGENT_PATIENCE_MS });
}

async function inTime(changes: Promise<Diff | null>): Promise<Diff | null> {
  const late = new AbortController();
  const bound = sleep(CHANGES_MS, null, { signal: late.signal }).catch(() => null);
  const found = await Promise.race([changes.catch(() => null), bound]);
  late.abort();
  return found;
}

const CANCELLED: TurnResult = { text: "", stopReason: "cancelled" };

async function prompted(
  { backend, adapter, claim, prompt, request }: TurnOptions,
  turnId: string,
  recorder: Recorder,
): Promise<TurnResult> {
  try {
    return await adapter.prompt(prompt, {
      taskId: claim.taskId,
      request,
      emit: (event) => recorder.add(event),
      ask: async (question, withdrawn) => {
        recorder.doing("waiting for an answer");
        const answer = await askPeople({ backend, turnId, claim }, question, withdrawn);
        recorder.doing(null);
        return answer;
      },
    });
  } catch (error) {
    if (!(error instanceof HarnessUnusable)) throw error;
    return { text: error.message, stopReason: "failed" };
  }
}

function errorOf({ text, stopReason }: TurnResult): string | undefined {
  return stopReason === "failed" || stopReason === "timed_out" ? text : undefined;
}
