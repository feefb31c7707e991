import { TASK_LABELS } from "@muster/core/task/labels";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { CliError } from "../errors.ts";
import type { Handler } from "../invocation.ts";
import { ago } from "../output/ago.ts";
import { diffSummary } from "../output/diff.ts";
import { indented } from "../output/indented.ts";
import { turnLine, turnLines, type TurnEventView } from "../output/turns.ts";
import { asCaller, quoted, roomOf } from "../session.ts";

/** More than a turn keeps. */
const EVENTS = 500;

/** A task with its turns; of the last turn also what happened in it. */
export const show: Handler<{ room?: string }> = async (invocation, options, [taskId = ""]) => {
  const room = roomOf(invocation, options);
  const backend = await asCaller(invocation);
  const asked = { room, taskId };
  const [task, { items: turns }, diff] = await Promise.all([
    backend.query(api.tasks.get, asked),
    backend.query(api.turns.ofTask, asked),
    backend.query(api.tasks.diff, asked),
  ]);
  const last = turns.at(-1);
  const events = last === undefined ? [] : await eventsOf(backend, room, last._id);
  const { label } = TASK_LABELS[task.status];
  const why = task.reason === null ? "" : ` – ${task.reason}`;
  const now = Date.now();
  const changed = diff === null ? [] : [`Changed: ${diffSummary(diff)}`];
  return {
    data: { ...task, turns, events, changed: diff?.totals ?? null },
    summary: `${label}, for ${task.role}, attempt ${task.attempt}${why}`,
    lines: [
      `${task._id}  ${label}${why}`,
      `for ${task.role}, from ${task.from.name}, ${ago(now - task.createdAt)} ago`,
      indented(task.text),
      ...turns.map((turn) => turnLine(turn, now)),
      ...(last === undefined ? [] : turnLines(events, last.dropped)),
      ...changed,
    ],
    next: diff === null ? [] : [`muster task diff --room ${quoted(room)} ${taskId}`],
  };
};

/** Those that are kept. An agent may read its room's tasks, but not what was said in their turns. */
async function eventsOf(
  backend: Backend,
  room: string,
  turnId: string,
): Promise<readonly TurnEventView[]> {
  try {
    return (await backend.query(api.turns.events, { room, turnId, limit: EVENTS })).items;
  } catch (error) {
    if (error instanceof CliError && error.kind === "not_allowed") return [];
    throw error;
  }
}
