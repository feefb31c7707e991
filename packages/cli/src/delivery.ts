import { setTimeout as sleepFor } from "node:timers/promises";
import { api } from "./backend/api.ts";
import type { Backend } from "./backend/connect.ts";
import { CliError } from "./errors.ts";
import { AGENT_PATIENCE_MS, superseded, type HeldSeat } from "./held-seat.ts";
import { freed, holding } from "./seat.ts";

/** A task as its holder receives it. `text` was composed by the backend and is complete. */
export interface Delivery {
  readonly id: string;
  readonly role: string;
  readonly text: string;
  readonly attempt: number;
  /** It was delivered to this holder before: not a new attempt. */
  readonly resumed: boolean;
  /** Who asks, and in which words, without the rules around them: never shown to a model as they are. */
  readonly from: { readonly kind: "person" | "agent" | "system"; readonly name: string };
  readonly request: string;
}

export interface DeliveryOptions {
  readonly backend: Backend;
  readonly held: HeldSeat;
  /** What `join` said is still open in this holder's hands. */
  readonly heldTaskId: string | null;
  readonly signal: AbortSignal;
  /** Called before each claim: a process that was suspended first asks whether it still has its seat. */
  readonly beforeClaim?: () => Promise<void>;
}

/**
 * The next task for a joined holder: the one it holds already, else the first that can be claimed. Its claim token is in
 * the seat file, on disk, before this resolves. Waits without a bound; rejects with the signal's reason once it aborts.
 */
export async function nextDelivery(options: DeliveryOptions): Promise<Delivery> {
  const { held, signal } = options;
  signal.throwIfAborted();
  const { taskId, token } = held.seat;
  if (taskId !== undefined && token !== undefined) {
    const again = await resume(options, taskId, token);
    if (again !== null) return again;
    await held.change(freed);
  }
  if (options.heldTaskId !== null) {
    const again = await claim(options, options.heldTaskId);
    if (again !== null) return again;
  }
  return await claimNext(options);
}

/** The task in the seat file once more; null when it is no longer this holder's. */
async function resume(
  options: DeliveryOptions,
  taskId: string,
  token: string,
): Promise<Delivery | null> {
  const { backend, held } = options;
  return await unlessTaken(options, async () => {
    const { roomId, role, epoch } = held.seat;
    const args = { room: roomId, role, taskId, epoch, token };
    return (await backend.mutate(api.tasks.resume, args, { patienceMs: AGENT_PATIENCE_MS })).task;
  });
}

/** A reply that got lost is given again to the same holder, so an uncertain claim is simply made once more. */
async function claim(options: DeliveryOptions, taskId: string): Promise<Delivery | null> {
  const { backend, held } = options;
  await options.beforeClaim?.();
  return await unlessTaken(options, async () => {
    const { roomId, role, epoch, holderId } = held.seat;
    const { task, token } = await backend.mutate(
      api.tasks.claim,
      { room: roomId, role, taskId, epoch, holderId },
      { patienceMs: AGENT_PATIENCE_MS },
    );
    await held.change((seat) => holding(seat, task.id, token));
    return task;
  });
}

const TAKEN = new Set(["not_found", "stale_claim", "illegal_transition", "conflict", "invalid"]);

async function unlessTaken<T>(options: DeliveryOptions, call: () => Promise<T>): Promise<T | null> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      if (TAKEN.has(error.kind)) return null;
      if (error.kind !== "rejoin_required" || tries > 0) throw error;
    }
    await options.held.join();
  }
}

/** What is woken while nobody waits. */
function asleep(): void {}

/** Level, not edge: what counts is which task is offered now, however the news of it arrived. */
async function claimNext(options: DeliveryOptions): Promise<Delivery> {
  const { backend, held, signal } = options;
  const { roomId, role, epoch, holderId } = held.seat;
  let offered: string | null = null;
  let failure: CliError | null = null;
  let wake = asleep;
  const stop = backend.watch(
    api.tasks.next,
    { room: roomId, role, holder: { epoch, holderId } },
    (next) => {
      offered = next?.taskId ?? null;
      wake();
    },
    (error) => {
      failure = error.kind === "superseded" ? superseded(role) : error;
      wake();
    },
  );
  const onAbort = (): void => wake();
  signal.addEventListener("abort", onAbort);
  try {
    for (;;) {
      signal.throwIfAborted();
      if (failure !== null) throw failure;
      if (offered === null) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      const delivery = await claim(options, offered);
      if (delivery !== null) return delivery;
      // Somebody was quicker, and the news of it is on its way.
      await Promise.race([
        sleepFor(200 + 300 * Math.random()),
        new Promise<void>((resolve) => (wake = resolve)),
      ]);
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    stop();
  }
}
