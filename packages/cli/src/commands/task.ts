import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { ago } from "../output/ago.ts";
import { asCaller, roomOf } from "../session.ts";
import { wholeNumber, withRoom } from "./options.ts";

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
              `${task._id}  ${task.status.padEnd(12)}  ${task.role}  ${ago(now - task.createdAt)}  ${headline(task.text)}`,
          ),
  };
};

const show: Handler<{ room?: string }> = async (invocation, options, [taskId = ""]) => {
  const room = roomOf(invocation, options);
  const backend = await asCaller(invocation);
  const task = await backend.query(api.tasks.get, { room, taskId });
  const why = task.reason === null ? "" : ` – ${task.reason}`;
  return {
    data: task,
    summary: `${task.status}, for ${task.role}, attempt ${task.attempt}${why}`,
    lines: [
      `${task._id}  ${task.status}${why}`,
      `for ${task.role}, from ${task.from.name}`,
      task.text,
    ],
  };
};

function headline(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

export function addTask(program: Command, runs: Runs): void {
  const task = program.command("task").description("the units of work of a room");
  withRoom(task.command("list"))
    .description("tasks, newest first")
    .option("--limit <count>", "at most so many", wholeNumber)
    .action(runs(list));
  withRoom(task.command("show"))
    .description("one task")
    .argument("<task>", "its id")
    .action(runs(show));
}
