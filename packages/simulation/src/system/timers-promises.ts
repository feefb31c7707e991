import { clearTimeout, setTimeout as later } from "./timers.ts";

/** Node's own has this name and code, and is no DOMException. */
class AbortError extends Error {
  readonly code = "ABORT_ERR";
  override readonly name = "AbortError";
}

export async function setTimeout<T>(
  ms = 1,
  value?: T,
  { signal }: { signal?: AbortSignal } = {},
): Promise<T | undefined> {
  return await new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(new AbortError("The operation was aborted", { cause: signal?.reason }));
    };
    const timer = later(() => {
      signal?.removeEventListener("abort", abort);
      resolve(value);
    }, ms);
    if (signal?.aborted === true) abort();
    signal?.addEventListener("abort", abort, { once: true });
  });
}
