import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { isMissing } from "../home.ts";
import type { Handler, Runs } from "../invocation.ts";
import { logLine } from "../output/log.ts";
import { abortWhenAsked } from "../signals.ts";
import { howMany } from "./options.ts";

interface LogsOptions {
  readonly follow?: boolean;
  readonly limit: number;
}

const NAMES = ["up", "daemon"] as const;
/** Read from the end of each log; older lines are in the files. */
const TAIL_BYTES = 256 * 1024;

const logs: Handler<LogsOptions> = async (invocation, options) => {
  const readers = NAMES.map((name) => new LogReader(join(invocation.home.logs, `${name}.log`)));
  const found = (await Promise.all(readers.map(async (reader) => await reader.read())))
    .flatMap((lines, index) => lines.map((line) => ({ log: NAMES[index] ?? "", line })))
    .sort((a, b) => atOf(a.line).localeCompare(atOf(b.line)))
    .slice(-options.limit);
  if (options.follow !== true) {
    return {
      data: { items: found.map(({ log, line }) => ({ log, line })) },
      summary: `${found.length} lines`,
      lines:
        found.length === 0 ? ["No logs yet."] : found.map(({ log, line }) => logLine(log, line)),
    };
  }
  const show = async (log: string, line: string): Promise<void> =>
    await invocation.announce({ data: { log, line }, summary: logLine(log, line) });
  for (const { log, line } of found) await show(log, line);
  const signal = abortWhenAsked();
  while (!signal.aborted) {
    await sleep(300, undefined, { signal }).catch(() => undefined);
    for (const [index, reader] of readers.entries()) {
      for (const line of await reader.read()) await show(NAMES[index] ?? "", line);
    }
  }
  return null;
};

/** Reads what was added to a log since the last time; a log that was begun anew is read from its start. */
class LogReader {
  readonly #file: string;
  #at: number | null = null;
  #rest = "";

  constructor(file: string) {
    this.#file = file;
  }

  async read(): Promise<string[]> {
    let handle: FileHandle;
    try {
      handle = await open(this.#file, "r");
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
    try {
      const { size } = await handle.stat();
      const from =
        this.#at === null ? Math.max(0, size - TAIL_BYTES) : this.#at > size ? 0 : this.#at;
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(size - from),
        0,
        size - from,
        from,
      );
      const lines = (this.#rest + buffer.toString("utf8", 0, bytesRead)).split("\n");
      // The first line of a tail is usually half a line.
      if (this.#at === null && from > 0) lines.shift();
      this.#at = from + bytesRead;
      this.#rest = lines.pop() ?? "";
      return lines.filter((line) => line !== "");
    } finally {
      await handle.close();
    }
  }
}

function atOf(line: string): string {
  return /"at":"([^"]*)"/.exec(line)?.[1] ?? "";
}

export function addLogs(program: Command, runs: Runs): void {
  program
    .command("logs")
    .description("what `muster up` and the daemon wrote down")
    .option("-f, --follow", "go on with what comes")
    .option("--limit <count>", "begin with at most so many lines", howMany, 100)
    .action(runs(logs));
}
