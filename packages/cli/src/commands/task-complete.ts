import type { Command } from "commander";
import { api } from "../backend/api.ts";
import { AGENT_PATIENCE_MS } from "../held-seat.ts";
import type { Handler, Invocation, Runs } from "../invocation.ts";
import { freed, readSeat, writeSeat, type Seat } from "../seat.ts";
import { asHolder, waitCommand } from "../session.ts";
import { newKey, optionalTextOf } from "../text.ts";
import { withSeat } from "./options.ts";
import { requireOwnTask } from "./task-started.ts";

interface TaskCompleteOptions {
  readonly room?: string;
  readonly role?: string;
  readonly task?: string;
}

const complete: Handler<TaskCompleteOptions> = async (invocation, options, words) => {
  const { backend, seat } = await asHolder(invocation, options);
  const { roomId, role, epoch, taskId, token } = seat;
  requireOwnTask(options.task, taskId, role);
  const text = await optionalTextOf(invocation, words);
  const answer = await backend.mutate(
    api.tasks.complete,
    {
      room: roomId,
      role,
      taskId,
      epoch,
      token,
      key: newKey(),
      ...(text === undefined ? {} : { text }),
    },
    { patienceMs: AGENT_PATIENCE_MS },
  );
  await forgetTask(invocation, backend.url, seat);
  return {
    data: { taskId, ...answer },
    summary: `${role} is done with it.`,
    next: [waitCommand(options)],
  };
};

/** Takes the finished task out of the seat file, unless the seat has gone on to another one meanwhile. */
export async function forgetTask(invocation: Invocation, url: string, done: Seat): Promise<void> {
  const seat = await readSeat(invocation.home, url, done.roomId, done.role);
  if (seat === null || seat.taskId !== done.taskId || seat.token !== done.token) return;
  await writeSeat(invocation.home, url, freed(seat));
}

export function addTaskComplete(program: Command, runs: Runs): void {
  withSeat(program.command("task-complete"))
    .description("end the task, with no message to anyone")
    .option("--task <id>", "the task (default: the one that the role holds)")
    .argument("[text...]", "what came of it, for the room (default: what is piped in, or nothing)")
    .action(runs(complete));
}
