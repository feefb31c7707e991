import { HUMAN_TARGET } from "@muster/core";
import type { Adapter, TurnResult } from "../adapters/adapter.ts";
import { HarnessUnusable } from "../adapters/adapter.ts";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import type { Delivery } from "../delivery.ts";
import { CliError } from "../errors.ts";
import { AGENT_PATIENCE_MS } from "../held-seat.ts";
import type { HeldSeat } from "../held-seat.ts";
import { freed } from "../seat.ts";

export interface ConductOptions {
  readonly backend: Backend;
  readonly held: HeldSeat;
  readonly adapter: Adapter;
  /** Aborting it ends the turn; the task stays open. */
  readonly signal: AbortSignal;
  readonly onStarted: () => void;
}

const PATIENCE = { patienceMs: AGENT_PATIENCE_MS };

/**
 * Works on one delivered task: starts it, gives the harness one turn, and answers for it if it did not hand off itself.
 * @throws HarnessDied, CliError; the signal's reason if the turn was ended
 */
export async function conductTask(options: ConductOptions, delivery: Delivery): Promise<void> {
  const { backend, held, signal } = options;
  if (!(await started(options))) return await held.change(freed);
  options.onStarted();
  const room = held.seat.roomId;
  const task = await backend.query(api.tasks.get, { room, taskId: delivery.id });
  const from = task.from.kind === "agent" ? task.from.name : HUMAN_TARGET;
  const result = await turn(options, delivery, task.text);
  signal.throwIfAborted();
  const { status } = await backend.query(api.tasks.get, { room, taskId: delivery.id });
  if (status === "in_progress") await answerFor(options, delivery, from, result);
  await held.change(freed);
}

/** False when the task is no longer this holder's. */
async function started({ backend, held }: ConductOptions): Promise<boolean> {
  const claim = claimOf(held);
  if (claim === null) return false;
  try {
    await backend.mutate(api.tasks.start, claim, PATIENCE);
    return true;
  } catch (error) {
    if (error instanceof CliError && LOST.has(error.kind)) return false;
    throw error;
  }
}

const LOST = new Set(["stale_claim", "illegal_transition", "not_found"]);

async function turn(
  { adapter, signal }: ConductOptions,
  delivery: Delivery,
  request: string,
): Promise<TurnResult> {
  const cancel = () => adapter.cancel();
  signal.addEventListener("abort", cancel);
  try {
    signal.throwIfAborted();
    return await adapter.prompt(delivery.text, {
      taskId: delivery.id,
      request,
      emit: () => undefined,
      ask: () => Promise.resolve("denied"),
    });
  } catch (error) {
    if (!(error instanceof HarnessUnusable)) throw error;
    return { text: error.message, stopReason: "failed" };
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/**
 * The turn ended and the task is still open: the answer goes to whoever asked. News of a failed turn goes to the
 * people, since another agent could only send it back.
 */
async function answerFor(
  { backend, held }: ConductOptions,
  delivery: Delivery,
  from: string,
  result: TurnResult,
): Promise<void> {
  const claim = claimOf(held);
  if (claim === null) return;
  const to = result.stopReason === "end_turn" ? from : HUMAN_TARGET;
  const text = result.text === "" ? "The turn ended without an answer." : result.text;
  const key = `answer:${delivery.id}:${delivery.attempt}`;
  try {
    await backend.mutate(api.tasks.handOff, { ...claim, to, text, key }, PATIENCE);
  } catch (error) {
    if (!(error instanceof CliError && LOST.has(error.kind))) throw error;
  }
}

function claimOf(held: HeldSeat) {
  const { roomId: room, role, epoch, taskId, token } = held.seat;
  return taskId === undefined || token === undefined ? null : { room, role, epoch, taskId, token };
}
