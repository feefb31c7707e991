import { Command } from "commander";
import { addAgent } from "./commands/agent.ts";
import { addAnswer } from "./commands/answer.ts";
import { addApprovals } from "./commands/approvals.ts";
import { addAsk } from "./commands/ask.ts";
import { addAuth } from "./commands/auth.ts";
import { addDown } from "./commands/down.ts";
import { addDrill } from "./commands/drill.ts";
import { addExplain } from "./commands/explain.ts";
import { addHandoff } from "./commands/handoff.ts";
import { addInbox } from "./commands/inbox.ts";
import { addLogs } from "./commands/logs.ts";
import { addMachine } from "./commands/machine.ts";
import { addMcp } from "./commands/mcp.ts";
import { addMessages } from "./commands/messages.ts";
import { addOpen } from "./commands/open.ts";
import { addReportProgress } from "./commands/report-progress.ts";
import { addRoom } from "./commands/room.ts";
import { addSchedule } from "./commands/schedule.ts";
import { addSend } from "./commands/send.ts";
import { addStatus } from "./commands/status.ts";
import { addTaskComplete } from "./commands/task-complete.ts";
import { addTaskStarted } from "./commands/task-started.ts";
import { addTask } from "./commands/task.ts";
import { addUp } from "./commands/up.ts";
import { addWaitForTask } from "./commands/wait-for-task.ts";
import type { Runs } from "./invocation.ts";

/** In the order in which a newcomer meets them. */
const commands = [
  addUp,
  addDown,
  addStatus,
  addExplain,
  addDrill,
  addOpen,
  addLogs,
  addRoom,
  addAgent,
  addSend,
  addMessages,
  addTask,
  addApprovals,
  addAnswer,
  addSchedule,
  addInbox,
  addWaitForTask,
  addTaskStarted,
  addReportProgress,
  addAsk,
  addTaskComplete,
  addHandoff,
  addMcp,
  addMachine,
  addAuth,
];

/**
 * The whole command surface. `runs` executes a handler; `onHelp` gets help and version texts. Parsing throws
 * `CommanderError` for a wrong command line and never exits.
 */
export function createProgram(runs: Runs, onHelp: (text: string) => void): Command {
  const program = new Command("muster")
    .description("A chatroom where people and coding agents work as a team.")
    .option("-V, --version", "print the version")
    .enablePositionalOptions(false);
  for (const add of commands) add(program, runs);
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
