import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ensurePrivateDir } from "../home.ts";
import { git } from "./git.ts";

/** What a commit says about the task that it belongs to. */
const TRAILER = "Muster-Task";
/** Only in a repository of ours may a lock be taken for a dead process's. */
const OURS = "muster.demo";

/** One commit and what it changed. */
export interface Commit {
  readonly hash: string;
  /** The diff stat, as git prints it. */
  readonly stat: string;
}

const README = `# harbor

The repository of Muster's demo room. The planner turns what you ask for into a checklist; the builder
writes it to \`plans/\` and commits it. Both are scripts, without a model. Break what you like.
`;

/** Makes the demo's repository with an identity of its own, or finishes one whose making was cut short. */
export async function createRepository(directory: string): Promise<void> {
  await ensurePrivateDir(directory);
  await git(directory, "init", "--quiet", "--initial-branch=main");
  await git(directory, "config", "user.name", "Muster demo");
  await git(directory, "config", "user.email", "demo@muster.invalid");
  await git(directory, "config", OURS, "true");
  if (await hasCommits(directory)) return;
  await removeStaleLocks(directory);
  await writeFile(join(directory, "README.md"), README);
  await git(directory, "add", "--", "README.md");
  await git(directory, "commit", "--quiet", "-m", "Begin the harbor");
}

/** The commit of a task, or null if nobody has made it yet. */
export async function commitOf(directory: string, task: string): Promise<Commit | null> {
  if (!(await hasCommits(directory))) return null;
  const format = `--format=%H %(trailers:key=${TRAILER},valueonly,separator=%x2C)`;
  const lines = (await git(directory, "log", format)).split("\n");
  const found = lines.map((line) => line.split(" ")).find(([, trailer]) => trailer === task);
  const hash = found?.[0];
  if (hash === undefined) return null;
  return { hash, stat: await git(directory, "show", "--stat", "--format=", hash) };
}

/**
 * Takes away what a builder that was killed has left half-done: git's own locks, and this file's staged or
 * unstaged remains. In a repository that is not the demo's, locks stay: they may be a living person's.
 */
export async function cleanUp(directory: string, file: string): Promise<void> {
  const ours = await git(directory, "config", "--get", OURS).catch(() => "");
  if (ours === "true") await removeStaleLocks(directory);
  await git(directory, "rm", "--quiet", "--cached", "--ignore-unmatch", "--force", "--", file);
  if (await isCommitted(directory, file))
    await git(directory, "checkout", "--quiet", "HEAD", "--", file);
  else await rm(join(directory, file), { force: true });
}

/** Commits exactly this file for a task. The trailer is part of the commit: both are there or neither is. */
export async function commitFile(
  directory: string,
  file: string,
  about: { task: string; subject: string },
): Promise<Commit> {
  await git(directory, "add", "--", file);
  const message = `${about.subject}\n\n${TRAILER}: ${about.task}\n`;
  await git(directory, "commit", "--quiet", "-m", message, "--only", "--", file);
  const commit = await commitOf(directory, about.task);
  if (commit === null) throw new Error(`git did not keep the commit of task ${about.task}`);
  return commit;
}

export async function writeIn(directory: string, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(directory, file)), { recursive: true });
  await writeFile(join(directory, file), text);
}

/** What ran here before has ended, so whoever held one of these locks is dead. */
async function removeStaleLocks(directory: string): Promise<void> {
  const branch = await git(directory, "symbolic-ref", "HEAD");
  for (const lock of ["index.lock", "HEAD.lock", "config.lock", `${branch}.lock`]) {
    await rm(join(directory, ".git", lock), { force: true });
  }
}

async function hasCommits(directory: string): Promise<boolean> {
  return await git(directory, "rev-parse", "--verify", "--quiet", "HEAD").then(
    () => true,
    () => false,
  );
}

async function isCommitted(directory: string, file: string): Promise<boolean> {
  if (!(await hasCommits(directory))) return false;
  return (await git(directory, "ls-tree", "--name-only", "HEAD", "--", file)) !== "";
}
