import { createHash } from "node:crypto";
import { cleanUp, commitFile, commitOf, writeIn } from "./repository.ts";
import type { Commit } from "./repository.ts";
import { slugOf } from "./checklist.ts";

export interface BuildOptions {
  /** The git repository. */
  readonly directory: string;
  readonly task: string;
  readonly title: string;
  readonly text: string;
  /** Tells the room about a step, and gives people the time to see it. */
  readonly step: (line: string) => Promise<void>;
}

/**
 * Writes a plan and commits it. Killed at any point and run again for the same task, it ends with exactly one commit:
 * the commit itself says whose it is, and everything short of it is cleaned away first.
 */
export async function build(options: BuildOptions): Promise<Commit & { file: string }> {
  const { directory, task, title, text, step } = options;
  const file = fileOf(title, task);
  const done = await commitOf(directory, task);
  if (done !== null) {
    await step("This was committed before I was interrupted.");
    return { ...done, file };
  }
  await cleanUp(directory, file);
  await step(`Writing ${file} …`);
  await writeIn(directory, file, text);
  await step("Checking it, then committing …");
  const commit = await commitFile(directory, file, { task, subject: `Plan: ${title}` });
  await step(`Committed ${commit.hash.slice(0, 10)}.`);
  return { ...commit, file };
}

/** Two tasks with the same title are two files. */
function fileOf(title: string, task: string): string {
  const suffix = createHash("sha256").update(task).digest("hex").slice(0, 6);
  return `plans/${slugOf(title)}-${suffix}.md`;
}
