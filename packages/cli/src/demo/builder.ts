import { checklistText, readChecklist } from "./checklist.ts";
import { build } from "./build.ts";
import { muster, progress, request, taskId } from "./muster.ts";

/** The demo's builder, one turn: the checklist becomes a file and a commit, and the person gets both. */
const list = readChecklist(await request());
const made = await build({
  directory: process.cwd(),
  task: taskId(),
  title: list.title,
  text: checklistText(list),
  step: progress,
});
await muster(
  ["handoff", "--to", "user"],
  [
    `Done: \`${made.file}\` is committed as \`${made.hash.slice(0, 10)}\`.`,
    "",
    "```",
    made.stat,
    "```",
  ].join("\n"),
);
