import type { CliError } from "./errors.ts";
import { superseded } from "./held-seat.ts";

/** The last word of a subscription of a seat, for whoever looks when it suits them. */
export interface Latest<Value> {
  /** Null before the first word. @throws CliError while the last word is a refusal */
  readonly read: () => Value | null;
  readonly onChange: (listener: () => void) => () => void;
  readonly value: (value: Value) => void;
  readonly failed: (error: CliError) => void;
}

/** Keeps what a subscription of `role`'s seat says; a refusal counts until the next value. */
export function keepLatest<Value>(role: string): Latest<Value> {
  let latest: Value | null = null;
  let failure: CliError | null = null;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listen of listeners) listen();
  };
  return {
    read: () => {
      if (failure !== null) throw failure;
      return latest;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    value: (value) => {
      latest = value;
      failure = null;
      tell();
    },
    failed: (error) => {
      failure = error.kind === "superseded" ? superseded(role) : error;
      tell();
    },
  };
}
