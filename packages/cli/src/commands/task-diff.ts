import { api } from "../backend/api.ts";
import type { Handler } from "../invocation.ts";
import { diffLines, diffSummary } from "../output/diff.ts";
import { asCaller, roomOf } from "../session.ts";

/** What a task changed in its repository, as its machine has read it. */
export const diff: Handler<{ room?: string }> = async (invocation, options, [taskId = ""]) => {
  const room = roomOf(invocation, options);
  const backend = await asCaller(invocation);
  const found = await backend.query(api.tasks.diff, { room, taskId });
  if (found === null) {
    return { data: null, summary: "No change of this task is known." };
  }
  return { data: found, summary: diffSummary(found), lines: diffLines(found) };
};
