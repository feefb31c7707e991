import { TASK_LABELS } from "@muster/core/task/labels";
import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { ago } from "../output/ago.ts";
import { headline } from "../output/indented.ts";
import { asCaller, quoted, roomOf } from "../session.ts";
import { howMany, withRoom } from "./options.ts";
import { diff } from "./task-diff.ts";
import { show } from "./task-show.ts";

const list: Handler<{ room?: string; limit?: number }> = async (invocation, options) => {
  const room = roomOf(invocation, options);
  const backend = await asCaller(invocation);
  const { items } = await backend.query(api.tasks.list, {
    room,
    ...(options.limit === undefined ? {} : { limit: options.limit }),
  });
  const now = Date.now();
  return {
    data: { items },
    summary: items.length === 1 ? "1 task" : `${items.length} tasks`,
    lines:
      items.length === 0
        ? ["No tasks."]
        : items.map(
            (task) =>
              `${task._id}  ${TASK_LABELS[task.status].label.padEnd(12)}  ${task.role}  ${ago(now - task.createdAt)}  ${headline(task.text)}`,
          ),
  };
};

/** What a person decides about a task. */
function decide(verb: "cancel" | "retry", said: string): Handler<{ room?: string }> {
  return async (invocation, options, [taskId = ""]) => {
    const room = roomOf(invocation, options);
    const backend = await asCaller(invocation);
    const answer = await backend.mutate(api.tasks[verb], { room, taskId });
    return {
      data: { taskId, ...answer },
      summary: `${said} (${TASK_LABELS[answer.status].label}).`,
      next: [`muster task show --room ${quoted(room)} ${taskId}`],
    };
  };
}

export function addTask(program: Command, runs: Runs): void {
  const task = program.command("task").description("the units of work of a room");
  withRoom(task.command("list"))
    .description("tasks, newest first")
    .option("--limit <count>", "at most so many", howMany)
    .action(runs(list));
  withRoom(task.command("show"))
    .description("one task, and what was done for it turn by turn")
    .argument("<task>", "its id")
    .action(runs(show));
  withRoom(task.command("diff"))
    .description("what it changed in its repository: commits, files, lines")
    .argument("<task>", "its id")
    .action(runs(diff));
  withRoom(task.command("cancel"))
    .description("call it off; who works on it stops")
    .argument("<task>", "its id")
    .action(runs(decide("cancel", "The task is called off")));
  withRoom(task.command("retry"))
    .description("put a dead letter back into its role's queue")
    .argument("<task>", "its id")
    .action(runs(decide("retry", "The task waits for its role again")));
}
