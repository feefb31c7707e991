import type { Command } from "commander";
import { api } from "../backend/api.ts";
import { CliError } from "../errors.ts";
import { AGENT_PATIENCE_MS } from "../held-seat.ts";
import type { Handler, Runs } from "../invocation.ts";
import { asHolder, seatFlags } from "../session.ts";
import { withSeat } from "./options.ts";

interface TaskStartedOptions {
  readonly room?: string;
  readonly role?: string;
  readonly task?: string;
}

const started: Handler<TaskStartedOptions> = async (invocation, options) => {
  const { backend, seat } = await asHolder(invocation, options);
  const { roomId, role, epoch, taskId, token } = seat;
  requireOwnTask(options.task, taskId, role);
  const answer = await backend.mutate(
    api.tasks.start,
    { room: roomId, role, taskId, epoch, token },
    { patienceMs: AGENT_PATIENCE_MS },
  );
  const flags = seatFlags(options);
  return {
    data: { taskId, ...answer },
    summary: `${role} works on it.`,
    next: [`muster report-progress${flags} "…"`, `muster handoff${flags} --to user "…"`],
  };
};

/** An id may be given; then it must be the one that is held: nobody ends another one's work. */
export function requireOwnTask(given: string | undefined, held: string, role: string): void {
  if (given === undefined || given === held) return;
  throw new CliError("conflict", `${role} does not hold the task ${given}.`, {
    hint: `It holds ${held}.`,
  });
}

export function addTaskStarted(program: Command, runs: Runs): void {
  withSeat(program.command("task-started"))
    .description("say that work on the task has begun")
    .option("--task <id>", "the task (default: the one that the role holds)")
    .action(runs(started));
}
