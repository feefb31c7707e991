import { boundDiff } from "@muster/core/task/diff";
import type { FileDiff, TaskDiff } from "@muster/core";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git } from "./git.ts";
import { shown } from "./shown.ts";

/** How a repository stood at one moment: its commit and, as a tree, everything in it that git would not ignore. */
export interface Snapshot {
  /** Empty when there was no commit yet. */
  readonly commit: string;
  readonly tree: string;
}

const HASH = /^[0-9a-f]{40,64}$/;
/** Bytes that are read of a list of files, and of their hunks; more is counted or left out. */
const LIST_BYTES = 8 * 1024 * 1024;
const PATCH_BYTES = 2 * 1024 * 1024;

/**
 * What the repository in `directory` holds now, committed or not, without touching its index. Null where there is no
 * repository, or one that git cannot read in time.
 */
export async function snapshot(directory: string, path: string): Promise<Snapshot | null> {
  const inside = await git(directory, ["rev-parse", "--absolute-git-dir"], { path });
  if (inside === null) return null;
  const temporary = await mkdtemp(join(tmpdir(), "muster-index-"));
  try {
    const index = join(temporary, "index");
    // A copy knows which files have not changed; without one, git reads them all.
    await copyFile(join(inside.text.trim(), "index"), index).catch(() => undefined);
    const own = { path, index };
    if ((await git(directory, ["add", "--all", "--ignore-errors", ":/"], own)) === null)
      return null;
    const tree = (await git(directory, ["write-tree"], own))?.text.trim() ?? "";
    const head = await git(directory, ["rev-parse", "--verify", "--quiet", "HEAD"], { path });
    return HASH.test(tree) ? { commit: head?.text.trim() ?? "", tree } : null;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** What happened between two snapshots, bounded and without secrets. Null if nothing did, or git cannot say. */
export async function changes(
  directory: string,
  path: string,
  before: Snapshot,
  after: Snapshot,
): Promise<TaskDiff | null> {
  if (before.commit === after.commit && before.tree === after.tree) return null;
  const trees = [
    "--no-renames",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    before.tree,
    after.tree,
  ];
  const [list, hunks, log] = await Promise.all([
    git(directory, ["diff", "--numstat", "-z", ...trees, "--"], { path, most: LIST_BYTES }),
    git(directory, ["diff", ...trees, "--"], { path, most: PATCH_BYTES }),
    commitsOf(directory, path, before, after),
  ]);
  if (list === null || hunks === null) return null;
  const files = withPatches(filesOf(list.text), hunks.text, hunks.cut);
  const totals = {
    commits: log.count,
    files: files.length,
    added: files.reduce((sum, { added }) => sum + added, 0),
    removed: files.reduce((sum, { removed }) => sum + removed, 0),
  };
  return boundDiff({
    base: before.commit,
    head: after.commit,
    commits: log.commits,
    files,
    totals,
    truncated: list.cut || hunks.cut,
  });
}

async function commitsOf(directory: string, path: string, before: Snapshot, after: Snapshot) {
  if (after.commit === "" || after.commit === before.commit) return { commits: [], count: 0 };
  const range = before.commit === "" ? after.commit : `${before.commit}..${after.commit}`;
  const [log, count] = await Promise.all([
    git(directory, ["log", "--max-count=100", "--format=%H %s", range, "--"], { path }),
    git(directory, ["rev-list", "--count", range, "--"], { path }),
  ]);
  const lines = (log?.text ?? "").split("\n").filter(Boolean);
  const commits = lines.map((line) => {
    const blank = line.indexOf(" ");
    return { hash: line.slice(0, blank), subject: shown(line.slice(blank + 1)) };
  });
  return { commits, count: Number(count?.text.trim() ?? commits.length) };
}

/** `12\t3\tpath\0` for each file; `-` counts a binary one as nothing. */
function filesOf(list: string): FileDiff[] {
  return list.split("\0").flatMap((record) => {
    const [added, removed, ...path] = record.split("\t");
    if (path.length === 0) return [];
    return [
      { path: shown(path.join("\t")), added: Number(added) || 0, removed: Number(removed) || 0 },
    ];
  });
}

/** Both outputs name the files in the same order. The last file of an output that was cut is not whole. */
function withPatches(files: readonly FileDiff[], output: string, cut: boolean): FileDiff[] {
  const parts = output.split(/^diff --git .*\n/m).slice(1);
  if (cut) parts.pop();
  return files.map((file, index) => {
    const part = parts[index] ?? "";
    const start = part.search(/^@@ /m);
    return start === -1 ? file : { ...file, patch: shown(part.slice(start)) };
  });
}
