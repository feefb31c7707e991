import { CliError } from "./errors.ts";

/**
 * A signal that aborts when this process is asked to end: by Ctrl-C, by TERM or HUP, because its parent is gone, or
 * because something broke that nobody caught. The reason is the `CliError` to end with.
 */
export function abortWhenAsked(parent = process.ppid): AbortSignal {
  const asked = new AbortController();
  const end = (error: CliError): void => asked.abort(error);
  process.once("SIGINT", () => end(new CliError("interrupted", "Interrupted.")));
  process.once("SIGTERM", () => end(new CliError("terminated", "Asked to end.")));
  process.once("SIGHUP", () => end(new CliError("terminated", "The terminal is gone.")));
  process.once("uncaughtException", (error) => end(unexpected(error)));
  process.once("unhandledRejection", (error) => end(unexpected(error)));
  setInterval(() => {
    if (process.ppid !== parent) end(new CliError("terminated", "The parent process is gone."));
  }, 1_000).unref();
  return asked.signal;
}

function unexpected(error: unknown): CliError {
  const message = error instanceof Error ? error.message : String(error);
  return new CliError("unexpected", message, { cause: error });
}
