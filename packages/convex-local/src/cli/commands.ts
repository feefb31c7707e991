import { statSync } from "node:fs";
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { AdminKeyError } from "../auth/admin-key.ts";
import { EngineError } from "../engine/errors.ts";
import { PortInUse } from "../http/listener.ts";
import { start } from "../start.ts";
import { backUp, restore } from "../upkeep/backup.ts";
import { checkDirectory, type Report } from "../upkeep/check.ts";
import { VERSION } from "../version.ts";

/** What a command reaches of its process. */
export interface Terminal {
  print(line: string): void;
  /** For sentences about failures and about the running of the server. */
  complain(line: string): void;
  /** Resolves when somebody wants a running server to end. */
  untilStopped(): Promise<void>;
}

/** 0 done, 1 could not be done, 2 wrong usage, 3 a check found damage. */
export type ExitCode = 0 | 1 | 2 | 3;

const USAGE = `convex-local start <functions> [--data DIR] [--port N] [--site-port N] [--static DIR] [--host H] [--watch] [--redact]
                               [--query-workers N]
convex-local backup <target> [--data DIR]     copies data and files to a new directory, also while it is in use
convex-local restore <backup> [--data DIR]    makes a new data directory from a backup
convex-local check [--data DIR]               compares indexes with documents, and files with their rows
convex-local --help | --version

--data is the data directory, ./data by default.`;

const MOST_WORKERS = 64;
const DATA = { data: { type: "string", default: "./data" } } as const;
const SERVER = {
  ...DATA,
  port: { type: "string", default: "3210" },
  "site-port": { type: "string", default: "3211" },
  static: { type: "string" },
  host: { type: "string" },
  watch: { type: "boolean", default: false },
  redact: { type: "boolean", default: false },
  "query-workers": { type: "string" },
} as const;

class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Runs one command. Failures that a person can do something about are a sentence and an exit code; anything else rejects. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [command, ...rest] = argv;
  if (command === "help" || argv.includes("--help") || argv.includes("-h")) {
    terminal.print(USAGE);
    return 0;
  }
  try {
    switch (command) {
      case "start":
        return await serve(rest, terminal);
      case "backup":
        return copied(backUp, rest, terminal, "Backed up");
      case "restore":
        return copied((data, backup) => restore(backup, data), rest, terminal, "Restored");
      case "check":
        return check(rest, terminal);
      case "--version":
        terminal.print(VERSION);
        return 0;
      case undefined:
        terminal.print(USAGE);
        return 2;
      default:
        throw new UsageError(`There is no command "${command}".`);
    }
  } catch (error) {
    if (error instanceof UsageError || isParseError(error)) {
      terminal.complain(`${(error as Error).message}\n\n${USAGE}`);
      return 2;
    }
    if (
      error instanceof EngineError ||
      error instanceof PortInUse ||
      error instanceof AdminKeyError
    ) {
      terminal.complain(error.message);
      return 1;
    }
    if (isSystemError(error)) {
      terminal.complain(`This computer refuses: ${error.message}.`);
      return 1;
    }
    throw error;
  }
}

async function serve(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parsed(args, SERVER);
  const functions = only(positionals, "the functions folder");
  refuseMissingPage(values.static);
  const deployment = await start({
    functions,
    data: values.data,
    port: portOf(values.port),
    sitePort: portOf(values["site-port"]),
    watch: values.watch,
    redact: values.redact,
    ...workersOf(values["query-workers"]),
    ...(values.static === undefined ? {} : { static: values.static }),
    ...(values.host === undefined ? {} : { host: values.host }),
    onLog: (line) => terminal.complain(line),
    onBroken: (error) =>
      terminal.complain(`The last good functions go on serving: ${error.message}`),
    onReload: () => terminal.complain("The changed functions serve."),
  });
  terminal.print(
    `Serving ${functions} at ${deployment.url}, http actions at ${deployment.siteUrl}.`,
  );
  await terminal.untilStopped();
  await deployment.close();
  return 0;
}

function copied(
  copy: (data: string, other: string) => Report,
  args: readonly string[],
  terminal: Terminal,
  done: string,
): ExitCode {
  const { values, positionals } = parsed(args, DATA);
  const { documents, files } = copy(values.data, only(positionals, "a directory"));
  terminal.print(`${done} ${documents} documents and ${files} files.`);
  return 0;
}

function check(args: readonly string[], terminal: Terminal): ExitCode {
  const { values, positionals } = parsed(args, DATA);
  if (positionals.length > 0) throw new UsageError("check takes no directory but --data.");
  const { documents, entries, files, problems } = checkDirectory(values.data);
  for (const problem of problems) terminal.complain(problem);
  const found = problems.length === 0 ? "all well" : `${problems.length} wrong`;
  terminal.print(`${documents} documents, ${entries} index entries, ${files} files: ${found}.`);
  return problems.length === 0 ? 0 : 3;
}

function parsed<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

function only(positionals: readonly string[], what: string): string {
  const [first, ...more] = positionals;
  if (first === undefined || more.length > 0) throw new UsageError(`Name ${what}, once.`);
  return first;
}

function refuseMissingPage(directory: string | undefined): void {
  if (directory === undefined || statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    return;
  }
  throw new UsageError(`There is no directory ${directory} to serve.`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65_536) return port;
  throw new UsageError(`"${text}" is not a port.`);
}

/** As many as the runtime thinks best, unless told otherwise. */
function workersOf(text: string | undefined): { queryWorkers?: number } {
  if (text === undefined) return {};
  const queryWorkers = Number(text);
  if (/^\d+$/.test(text) && queryWorkers <= MOST_WORKERS) return { queryWorkers };
  throw new UsageError(`"${text}" is not a number of query workers: from 0 to ${MOST_WORKERS}.`);
}

/** Of a file, a directory or a port that the operating system does not give. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}

function isParseError(error: unknown): boolean {
  return String((error as { code?: unknown } | null)?.code).startsWith("ERR_PARSE_ARGS");
}
