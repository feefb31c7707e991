import { randomBytes } from "node:crypto";
import { lstat, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { getSystemErrorMessage } from "node:util";
import { CliError } from "./errors.ts";

/** Where everything of this person on this machine lives: directories 0700, files 0600. */
export interface Home {
  readonly root: string;
  /** `{url, siteUrl, pid, data}` of the running `muster up`. */
  readonly current: string;
  readonly personCredential: string;
  readonly machineCredential: string;
  readonly tokens: string;
  readonly seats: string;
  readonly data: string;
  readonly logs: string;
  readonly daemon: string;
  readonly demo: string;
  readonly bin: string;
}

export function homeOf(env: NodeJS.ProcessEnv): Home {
  const root = resolve(env["MUSTER_HOME"] ?? join(homedir(), ".muster"));
  return {
    root,
    current: join(root, "current.json"),
    personCredential: join(root, "credentials", "person.json"),
    machineCredential: join(root, "credentials", "machine.json"),
    tokens: join(root, "credentials", "tokens"),
    seats: join(root, "seats"),
    data: join(root, "data"),
    logs: join(root, "logs"),
    daemon: join(root, "daemon"),
    demo: join(root, "demo"),
    bin: join(root, "bin"),
  };
}

/**
 * Makes `dir` and what is missing above it, 0700. One that exists and is open to others is refused, not closed: it may be
 * anybody's, and secrets that lay in it may be known. So is a place that takes no directory.
 */
export async function ensurePrivateDir(dir: string): Promise<void> {
  await makeDir(dir).catch((error: unknown) => {
    throw refusedPlace(dir, error);
  });
  const { mode } = await stat(dir);
  if ((mode & 0o077) === 0) return;
  throw new CliError("not_allowed", `Other users can look into ${dir}.`, {
    hint: `If it is yours alone: chmod 700 ${dir}`,
  });
}

/** Not Node's own recursive `mkdir`, which tries for ever below a directory that takes none, such as /proc. */
async function makeDir(dir: string): Promise<void> {
  try {
    await makeOne(dir);
  } catch (error) {
    if (!isMissing(error) || dirname(dir) === dir) throw error;
    await makeDir(dirname(dir));
    await makeOne(dir);
  }
}

async function makeOne(dir: string): Promise<void> {
  try {
    await mkdir(dir, { mode: 0o700 });
  } catch (error) {
    const there = await stat(dir).catch(() => null);
    if (there?.isDirectory() !== true) throw error;
  }
}

const UNUSABLE_PLACE =
  /^(?:EACCES|EEXIST|ELOOP|ENAMETOOLONG|ENOENT|ENOTDIR|ENOTSUP|EOPNOTSUPP|EPERM|EROFS)$/;

/** What the system says of a place where no directory can be; anything else that was thrown as it is. */
function refusedPlace(dir: string, error: unknown): unknown {
  const { code = "", errno } = error as NodeJS.ErrnoException;
  if (errno === undefined || !UNUSABLE_PLACE.test(code)) return error;
  const why = getSystemErrorMessage(errno);
  return new CliError("usage", `No directory can be made at ${dir}: ${why}.`, {
    hint: "Name another place with MUSTER_HOME or --data.",
    cause: error,
  });
}

/**
 * Replaces `file` by `text`: whole or not at all, on disk before this resolves, readable by its owner only.
 * The temporary name is random, so that nobody can prepare it.
 */
export async function writePrivate(file: string, text: string, mode = 0o600): Promise<void> {
  const dir = dirname(file);
  await ensurePrivateDir(dir);
  const temporary = `${file}.${randomBytes(8).toString("hex")}`;
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDir(dir);
}

/** The rename itself must survive a power cut, too. */
async function syncDir(dir: string): Promise<void> {
  const handle = await open(dir, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * The text of a private file, or null if there is none.
 * Refuses a file that others may read or write: a secret in it may be known, or a value planted.
 */
export async function readPrivate(file: string): Promise<string | null> {
  const stats = await lstat(file).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (stats === null) return null;
  if (!stats.isFile()) throw new CliError("not_allowed", `${file} is not a plain file.`);
  if ((stats.mode & 0o077) !== 0) {
    throw new CliError("not_allowed", `${file} can be read or changed by other users.`, {
      hint: `If nobody else has touched it: chmod 600 ${file}`,
    });
  }
  return await readFile(file, "utf8");
}

/** The JSON object in a private file; null if there is none; a clear refusal if it is something else. */
export async function readPrivateJson(file: string): Promise<Record<string, unknown> | null> {
  const text = await readPrivate(file);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return Object.fromEntries(Object.entries(value));
    }
  } catch {
    // Falls through to the refusal, which names the file.
  }
  throw new CliError("unreadable_file", `${file} does not hold a JSON object.`, {
    hint: `Move it away and run the command again: mv ${file} ${file}.broken`,
  });
}

export async function writePrivateJson(file: string, value: object): Promise<void> {
  await writePrivate(file, `${JSON.stringify(value, null, 2)}\n`);
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
