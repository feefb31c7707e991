import type { FunctionReturnType } from "convex/server";
import { api } from "./backend/api.ts";
import type { Backend } from "./backend/connect.ts";

export type Standing = FunctionReturnType<typeof api.approvals.get>;

/** What a role has asked. */
export interface Asked {
  readonly room: string;
  readonly role: string;
  readonly approvalId: string;
}

/** How what was asked is closed, as soon as it is; null when `signal` was quicker. @throws CliError for a refusal */
export async function whenClosed(
  backend: Backend,
  asked: Asked,
  signal: AbortSignal,
): Promise<Standing | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Standing | null>();
  const abort = () => resolve(null);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  const stop = backend.watch(
    api.approvals.get,
    asked,
    (standing) => {
      if (standing.status !== "open") resolve(standing);
    },
    reject,
  );
  try {
    return await promise;
  } finally {
    stop();
    signal.removeEventListener("abort", abort);
  }
}
