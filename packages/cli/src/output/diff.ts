import type { api as Api } from "@muster/backend/api";
import type { FunctionReturnType } from "convex/server";
import type { Line } from "../invocation.ts";
import { headline } from "./indented.ts";

export type DiffView = NonNullable<FunctionReturnType<typeof Api.tasks.diff>>;
type FileView = DiffView["files"][number];

/** Commits, files with what was added and removed, hunks, and what is left out of them. */
export function diffLines(diff: DiffView): Line[] {
  const { commits, files } = diff;
  const width = Math.max(1, ...files.map((file) => countsOf(file).length));
  return [
    ...commits.map(({ hash, subject }): Line => {
      return { text: `${hash.slice(0, 10)}  ${headline(subject, 100)}`, colour: "amber" };
    }),
    diffSummary(diff),
    ...files.map((file) => `  ${countsOf(file).padStart(width)}  ${nameOf(file)}`),
    ...files.flatMap(hunks),
    ...leftOut(diff),
  ];
}

/** `2 commits, 3 files, +12 −4`, all of it, whether it is shown or not. */
export function diffSummary({ totals }: Pick<DiffView, "totals">): string {
  const { commits, files, added, removed } = totals;
  return `${counted(commits, "commit")}, ${counted(files, "file")}, +${added} −${removed}`;
}

function countsOf({ added, removed }: FileView): string {
  return `+${added} −${removed}`;
}

/** On one line, whatever a file is called. */
function nameOf({ path }: FileView): string {
  return path.replaceAll(/[\r\n\t]/g, "?");
}

function hunks(file: FileView): Line[] {
  if (file.patch === undefined) return [];
  const head: Line = { text: `\n${nameOf(file)}`, colour: "bold" };
  return [head, ...file.patch.trimEnd().split("\n").map(patchLine)];
}

/** By its first character, as git prints it. */
function patchLine(text: string): Line {
  if (text.startsWith("+")) return { text, colour: "green" };
  if (text.startsWith("-")) return { text, colour: "red" };
  return text.startsWith("@@") ? { text, colour: "blue" } : text;
}

/** A person who reads a part of a diff has to know that it is a part. */
function leftOut({ base, head, commits, files, totals, truncated }: DiffView): Line[] {
  const missing = [
    counted(totals.commits - commits.length, "commit"),
    counted(totals.files - files.length, "file"),
    `the lines of ${counted(files.filter(({ patch }) => patch === undefined).length, "file")}`,
  ].filter((part) => !/(^|of )0 /.test(part));
  if (missing.length === 0 && !truncated) return [];
  const what = missing.length === 0 ? "something" : missing.join(", ");
  const range = `${base.slice(0, 10)}..${head.slice(0, 10)}`;
  return [{ text: `\nCut: ${what}. All of it: git diff ${range}`, colour: "amber" }];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
