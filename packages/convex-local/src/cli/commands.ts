import { start } from "../start.ts";
import { backUp, restore } from "../upkeep/backup.ts";
import { checkDirectory, type Report } from "../upkeep/check.ts";
import { VERSION } from "../version.ts";
import { type ExitCode, failureOf, UsageError } from "./failure.ts";
import { only, parsed, portOf, refuseMissingPage, workersOf } from "./options.ts";

/** What a command reaches of its process. */
export interface Terminal {
  print(line: string): void;
  /** For sentences about failures and about the running of the server. */
  complain(line: string): void;
  /** Resolves when somebody wants a running server to end. */
  untilStopped(): Promise<void>;
}

const USAGE = `convex-local start <functions> [--data DIR] [--port N] [--site-port N] [--static DIR] [--host H] [--watch] [--redact]
                               [--query-workers N]
convex-local backup <target> [--data DIR]     copies data and files to a new directory, also while it is in use
convex-local restore <backup> [--data DIR]    makes a new data directory from a backup
convex-local check [--data DIR]               compares indexes with documents, and files with their rows
convex-local --help | --version

--data is the data directory, ./data by default.`;

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
    const failure = failureOf(error);
    if (failure !== undefined) {
      terminal.complain(failure.sentence);
      return failure.code;
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
  terminal.print(`${done} ${counted(documents, "document")} and ${counted(files, "file")}.`);
  return 0;
}

function check(args: readonly string[], terminal: Terminal): ExitCode {
  const { values, positionals } = parsed(args, DATA);
  if (positionals.length > 0) throw new UsageError("check takes no directory but --data.");
  const { documents, entries, files, problems } = checkDirectory(values.data);
  for (const problem of problems) terminal.complain(problem);
  const found = problems.length === 0 ? "all well" : counted(problems.length, "fault");
  const seen = `${counted(documents, "document")}, ${entries} index ${entries === 1 ? "entry" : "entries"}, ${counted(files, "file")}`;
  terminal.print(`${seen}: ${found}.`);
  return problems.length === 0 ? 0 : 3;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
