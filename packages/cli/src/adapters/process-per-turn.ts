import type { Adapter, Place, Turn } from "./adapter.ts";
import { childTurn } from "./child-turn.ts";
import type { ChildTurn } from "./child-turn.ts";

export interface ProcessPerTurn {
  /** Looks whether turns can be given. @throws HarnessUnusable */
  readonly check: () => Promise<void>;
  readonly turnOf: (prompt: string, turn: Turn) => ChildTurn;
}

/** A harness without a session: each prompt starts a process that answers and ends. */
export function processPerTurn({ check, turnOf }: ProcessPerTurn, place: Place): Adapter {
  let cancel = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  return {
    remembers: false,
    async open() {
      await check();
      return { fresh: false };
    },
    async prompt(text, turn) {
      cancel = new AbortController();
      const result = childTurn(turnOf(text, turn), place, cancel.signal);
      running = result.catch(() => undefined);
      return await result;
    },
    cancel: () => cancel.abort(),
    async close() {
      cancel.abort();
      await running;
    },
  };
}
