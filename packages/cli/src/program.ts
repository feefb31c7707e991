import { Command } from "commander";
import type { Runs } from "./invocation.ts";

/** Puts a command and all below it into the program. */
type Add = (program: Command, runs: Runs) => void;

/** In the order in which a newcomer meets them. Each is loaded when it is wanted, since loading is most of what a call takes. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  up: async () => (await import("./commands/up.ts")).addUp,
  down: async () => (await import("./commands/down.ts")).addDown,
  status: async () => (await import("./commands/status.ts")).addStatus,
  explain: async () => (await import("./commands/explain.ts")).addExplain,
  drill: async () => (await import("./commands/drill.ts")).addDrill,
  open: async () => (await import("./commands/open.ts")).addOpen,
  logs: async () => (await import("./commands/logs.ts")).addLogs,
  room: async () => (await import("./commands/room.ts")).addRoom,
  agent: async () => (await import("./commands/agent.ts")).addAgent,
  send: async () => (await import("./commands/send.ts")).addSend,
  messages: async () => (await import("./commands/messages.ts")).addMessages,
  task: async () => (await import("./commands/task.ts")).addTask,
  approvals: async () => (await import("./commands/approvals.ts")).addApprovals,
  answer: async () => (await import("./commands/answer.ts")).addAnswer,
  schedule: async () => (await import("./commands/schedule.ts")).addSchedule,
  inbox: async () => (await import("./commands/inbox.ts")).addInbox,
  "wait-for-task": async () => (await import("./commands/wait-for-task.ts")).addWaitForTask,
  "task-started": async () => (await import("./commands/task-started.ts")).addTaskStarted,
  "report-progress": async () => (await import("./commands/report-progress.ts")).addReportProgress,
  ask: async () => (await import("./commands/ask.ts")).addAsk,
  "task-complete": async () => (await import("./commands/task-complete.ts")).addTaskComplete,
  handoff: async () => (await import("./commands/handoff.ts")).addHandoff,
  mcp: async () => (await import("./commands/mcp.ts")).addMcp,
  machine: async () => (await import("./commands/machine.ts")).addMachine,
  daemon: async () => (await import("./commands/machine.ts")).addDaemon,
  auth: async () => (await import("./commands/auth.ts")).addAuth,
};

/**
 * The command surface: only the command that `word` names, else, for helps and what is misspelt, the whole. `runs` executes a
 * handler; `onHelp` gets help and version texts. Parsing throws `CommanderError` for a wrong command line and never exits.
 */
export async function createProgram(
  runs: Runs,
  onHelp: (text: string) => void,
  word = "",
): Promise<Command> {
  const program = new Command("muster")
    .description("A chatroom where people and coding agents work as a team.")
    .option("-V, --version", "print the version")
    .enablePositionalOptions(false);
  const known = Object.entries(commands);
  const named = known.filter(([name]) => name === word);
  const wanted = named.length === 0 ? known : named;
  for (const add of await Promise.all(wanted.map(async ([, load]) => await load()))) {
    add(program, runs);
  }
  for (const command of allOf(program)) {
    command.exitOverride().configureOutput({ writeOut: onHelp, writeErr: onHelp });
    if (command.commands.length === 0) command.option("--json", "answer in JSON, for programs");
  }
  return program.addHelpText("after", EXIT_CODES);
}

/** The program and everything below it. */
export function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}

const EXIT_CODES = `
Exit codes:
  0 done   1 unexpected   2 usage   3 not found   4 not signed in   5 not allowed
  6 conflict   7 backend unreachable   8 over a limit   9 nobody answered
  75 nothing yet, call again   130/143 interrupted`;
