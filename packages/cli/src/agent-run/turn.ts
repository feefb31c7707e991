import { randomUUID } from "node:crypto";
import { HarnessUnusable } from "../adapters/adapter.ts";
import type { Adapter, TurnResult } from "../adapters/adapter.ts";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { AGENT_PATIENCE_MS } from "../held-seat.ts";
import { askPeople } from "./asker.ts";
import type { Claim } from "./claim.ts";
import { Recorder } from "./recorder.ts";
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
}

/** How a turn ended, and whether its task was seen to be over by then: if not, it may be so all the same. */
export type Given = TurnResult & { readonly taskIsOver: boolean };

/**
 * Gives the harness one prompt, tells the room what happens, and lets people answer what it asks.
 * @throws HarnessDied, CliError if the task is not the caller's any more
 */
export async function giveTurn(options: TurnOptions): Promise<Given> {
  const { backend, adapter, claim, harness } = options;
  const begun = { ...claim, harness, key: randomUUID() };
  const how = { patienceMs: AGENT_PATIENCE_MS };
  const { turnId, graceMs } = await backend.mutate(api.turns.begin, begun, how);
  const { room, role, epoch } = claim;
  const recorder = new Recorder({ backend, turnId, seat: { room, role, epoch } });
  const over = untilOver(backend, claim, graceMs);
  const signal = AbortSignal.any([options.signal, over.signal]);
  const cancel = () => adapter.cancel();
  signal.addEventListener("abort", cancel);
  try {
    const result = signal.aborted ? CANCELLED : await prompted(options, turnId, recorder);
    await recorder.end(result.stopReason, { error: errorOf(result), signal: options.signal });
    return { ...result, taskIsOver: over.isOver() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await recorder.end("failed", { error: message });
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
    over.stop();
  }
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
