import { join, resolve } from "node:path";
import { readHarnesses } from "../adapters/harnesses.ts";
import { openWorkingDirectory, UnusableDirectory } from "../daemon/working-directory.ts";
import { git } from "../demo/git.ts";
import { CliError } from "../errors.ts";
import type { Home } from "../home.ts";
import { quoted } from "../session.ts";

/** Where a team is to work, and what its people should know about it first. */
export interface Workplace {
  /** Without symlinks. */
  readonly path: string;
  readonly warnings: readonly string[];
}

/** A repository on this machine in which its owner lets agents work. Changes nothing. @throws CliError */
export async function workplaceAt(home: Home, given: string): Promise<Workplace> {
  const path = await directoryAt(home, given);
  const inside = await git(path, "rev-parse", "--is-inside-work-tree").catch(() => "");
  if (inside !== "true") {
    throw new CliError("invalid", `${path} is not in a git repository.`, {
      hint: `To make it one: git init ${quoted(path)}`,
    });
  }
  return { path, warnings: await warningsAbout(path) };
}

/** The real path of a directory of this machine in which its owner lets agents work. @throws CliError */
export async function directoryAt(home: Home, given: string): Promise<string> {
  const { roots } = await readHarnesses(home);
  try {
    const directory = await openWorkingDirectory(resolve(given), roots);
    await directory.close();
    return directory.path;
  } catch (error) {
    if (!(error instanceof UnusableDirectory)) throw error;
    const sentence = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
    const hint =
      error.kind === "not_allowed" && roots.length > 0
        ? `It allows ${roots.join(", ")}: see "roots" in ${join(home.root, "harnesses.json")}.`
        : undefined;
    throw new CliError(error.kind, sentence, { hint, cause: error });
  }
}

/** What makes a task's diff say less than one expects; none of it keeps anybody from working. */
async function warningsAbout(path: string): Promise<string[]> {
  const [head, changes] = await Promise.all([
    git(path, "rev-parse", "--verify", "--quiet", "HEAD").catch(() => null),
    git(path, "status", "--porcelain", "--no-renames", "-z").catch(() => "unreadable"),
  ]);
  if (head === null)
    return [`${path} has no commit yet, so what agents change cannot be compared.`];
  if (changes === "") return [];
  return [`${path} has changes that are not committed: agents see them and may commit them.`];
}
