import { setTimeout as sleep } from "node:timers/promises";
import { isTerminal } from "@muster/core/task/status";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import type { HeldSeat } from "../held-seat.ts";
import type { Claim } from "./claim.ts";
import type { Desk } from "./desk.ts";

interface Watched {
  readonly signal: AbortSignal;
  /** Whether the task has ended, by its agent's own word or as the room was seen to say. */
  readonly isOver: () => Promise<boolean>;
  readonly stop: () => void;
}

export interface WatchedTask {
  readonly backend: Backend;
  readonly held: HeldSeat;
  readonly desk: Desk;
  readonly claim: Claim;
  readonly graceMs: number;
}

/** How long the desk may take to show a task that was just begun. */
const SHOWN_MS = 2_000;
/** A command that ended the task says so in the seat file as soon as it has its answer; so long nobody else is asked. */
const OWN_WORD_MS = 100;
const OWN_WORD_LOOK_MS = 20;

/**
 * Aborts when a turn has no reason to go on: at once when people have called its task off, and `graceMs` after the task
 * was completed. The room is asked only when the task has left the desk and none of the agent's own commands has ended
 * it. A room that is out of reach ends nothing.
 */
export function untilOver({ backend, held, desk, claim, graceMs }: WatchedTask): Watched {
  const { taskId, token: _token, ...seat } = claim;
  const over = new AbortController();
  const watching = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let looking = false;

  function completed(): void {
    isOver = true;
    timer ??= setTimeout(() => over.abort(), graceMs);
  }

  async function ask(): Promise<void> {
    const { signal } = watching;
    const patience = { patienceMs: Infinity, signal };
    const { status } = await backend.query(api.tasks.held, { ...seat, taskId }, patience);
    if (signal.aborted) return;
    isOver ||= isTerminal(status);
    if (status === "cancelled") over.abort();
    if (status === "completed") completed();
  }

  async function look(): Promise<void> {
    if (isOver || looking || desk.has(taskId)) return;
    looking = true;
    try {
      if (await saysItself(held, taskId)) completed();
      else if (!watching.signal.aborted) await ask();
    } catch {
      // Somebody else has it, or nobody can say: its fence decides.
    } finally {
      looking = false;
    }
  }

  const begun = setTimeout(() => void look(), SHOWN_MS);
  let shown = desk.has(taskId);
  const unlisten = desk.onChange(() => {
    if (shown) void look();
    shown ||= desk.has(taskId);
  });
  return {
    signal: over.signal,
    isOver: async () => isOver || !(await held.holds(taskId)),
    stop: () => {
      watching.abort();
      clearTimeout(begun);
      clearTimeout(timer);
      unlisten();
    },
  };
}

async function saysItself(held: HeldSeat, taskId: string): Promise<boolean> {
  for (let waitedMs = 0; waitedMs <= OWN_WORD_MS; waitedMs += OWN_WORD_LOOK_MS) {
    if (!(await held.holds(taskId))) return true;
    await sleep(OWN_WORD_LOOK_MS);
  }
  return false;
}
