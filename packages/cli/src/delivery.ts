import { randomBytes } from "node:crypto";
import { setTimeout as sleepFor } from "node:timers/promises";
import { api } from "./backend/api.ts";
import type { Backend } from "./backend/connect.ts";
import { CliError, isUnreachable } from "./errors.ts";
import { AGENT_PATIENCE_MS, type HeldSeat } from "./held-seat.ts";
import { keepLatest } from "./latest.ts";
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
  /** The turn that its claim has begun: the task is started. */
  readonly turn?: BegunTurn;
}

/** `graceMs`: how long the turn may go on once its task is over. */
export interface BegunTurn {
  readonly turnId: string;
  readonly graceMs: number;
}

/** What may be claimed, as long as somebody watches for it. */
export interface Offers {
  /** The task to claim now, or null. @throws CliError once the seat is no longer this holder's */
  next(): string | null;
  /** Calls at each change until the returned function is called. */
  onChange(listener: () => void): () => void;
  stop(): void;
}

export interface DeliveryOptions {
  readonly backend: Backend;
  readonly held: HeldSeat;
  /** What `join` said is still open in this holder's hands. */
  readonly heldTaskId: string | null;
  readonly signal: AbortSignal;
  /** Called before each claim: a process that was suspended first asks whether it still has its seat. */
  readonly beforeClaim?: () => Promise<void>;
  /** Somebody watches already, and goes on; else it is watched for while this waits. */
  readonly offers?: Offers;
  /** Whose first turn each claim begins: one call starts the task as well. */
  readonly harness?: string;
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

/**
 * Brings a token of its own, which is on disk before the claim is made: when the reply is lost, even for good, the next look at the
 * seat finds what it may hold. However often and however late a claim arrives, it changes nothing about the first time.
 */
async function claim(options: DeliveryOptions, taskId: string): Promise<Delivery | null> {
  const { backend, held, harness } = options;
  await options.beforeClaim?.();
  const own = randomBytes(16).toString("hex");
  return await unlessTaken(options, async () => {
    const { roomId, role, epoch, holderId } = held.seat;
    const begin = harness === undefined ? {} : { harness };
    const args = { room: roomId, role, taskId, epoch, holderId, token: own, ...begin };
    await held.change((seat) => holding(seat, taskId, own));
    try {
      const how = { patienceMs: AGENT_PATIENCE_MS };
      const { task, turn } = await backend.mutate(api.tasks.claim, args, how);
      return turn === undefined ? task : { ...task, turn };
    } catch (error) {
      if (!isUnreachable(error)) await held.change(freed);
      throw error;
    }
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

/** Level, not edge: what counts is which task is offered now, however the news of it arrived. */
async function claimNext(options: DeliveryOptions): Promise<Delivery> {
  const offers = options.offers ?? watchNext(options);
  try {
    for (;;) {
      options.signal.throwIfAborted();
      const offered = offers.next();
      if (offered === null) {
        await changed(offers, options.signal);
        continue;
      }
      const delivery = await claim(options, offered);
      if (delivery !== null) return delivery;
      // Somebody was quicker, and the news of it is on its way.
      await Promise.race([sleepFor(200 + 300 * Math.random()), changed(offers, options.signal)]);
    }
  } finally {
    if (options.offers === undefined) offers.stop();
  }
}

/** At the next change, or when `signal` aborts. */
async function changed(offers: Offers, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const unlisten = offers.onChange(resolve);
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (signal.aborted) resolve();
  await promise;
  unlisten();
}

function watchNext({ backend, held }: DeliveryOptions): Offers {
  const { roomId: room, role, epoch, holderId } = held.seat;
  const watched = keepLatest<{ taskId: string } | null>(role);
  const args = { room, role, holder: { epoch, holderId } };
  const stop = backend.watch(api.tasks.next, args, watched.value, watched.failed);
  return { next: () => watched.read()?.taskId ?? null, onChange: watched.onChange, stop };
}
