import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { isAbsolute, normalize, sep } from "node:path";
import { HopelessStart } from "./hopeless.ts";

/** Directories of the kernel: nothing that an agent should work in. */
const NEVER = ["/proc", "/sys", "/dev"];

/** No agent can or may work there; the message is one sentence about the directory. */
export class UnusableDirectory extends HopelessStart {
  readonly kind: "invalid" | "not_found" | "not_allowed";

  constructor(kind: UnusableDirectory["kind"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UnusableDirectory";
    this.kind = kind;
  }
}

export interface WorkingDirectory {
  /** The real path, without symlinks. */
  readonly path: string;
  /** A path to start a process in: it names the directory that was checked, whatever lies at `path` by then. */
  readonly pinned: string;
  close(): Promise<void>;
}

/**
 * Opens the directory that an agent is to work in. `roots` are the directories that the machine's owner allows;
 * none means any but the kernel's own. @throws UnusableDirectory
 */
export async function openWorkingDirectory(
  wanted: string,
  roots: readonly string[],
): Promise<WorkingDirectory> {
  if (wanted.includes("\0") || !isAbsolute(wanted) || wanted.split(sep).includes("..")) {
    throw new UnusableDirectory(
      "invalid",
      `the working directory must be a plain absolute path, not ${JSON.stringify(wanted)}`,
    );
  }
  const handle = await openDirectory(wanted);
  // Not /proc/self: a process that is being started has put its own channels over the low numbers by then.
  const pinned = `/proc/${process.pid}/fd/${handle.fd}`;
  try {
    const path = await realpath(pinned);
    await refuseForbidden(path, roots);
    return { path, pinned, close: async () => await handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openDirectory(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT"
        ? "does not exist"
        : code === "ENOTDIR"
          ? "is no directory"
          : `cannot be opened (${code})`;
    const kind = code === "ENOENT" ? "not_found" : "invalid";
    throw new UnusableDirectory(kind, `the working directory ${path} ${reason}`, { cause: error });
  }
}

async function refuseForbidden(path: string, roots: readonly string[]): Promise<void> {
  if (NEVER.some((forbidden) => isWithin(path, forbidden))) {
    throw new UnusableDirectory("not_allowed", `agents do not work in ${path}`);
  }
  if (roots.length === 0) return;
  const allowed = await Promise.all(
    roots.map(async (root) => await realpath(root).catch(() => null)),
  );
  if (!allowed.some((root) => root !== null && isWithin(path, root))) {
    throw new UnusableDirectory("not_allowed", `this machine lets no agent work in ${path}`);
  }
}

/** By whole segments: /srv/code-private is not within /srv/code. */
function isWithin(path: string, root: string): boolean {
  const plain = normalize(root);
  return path === plain || path.startsWith(plain.endsWith(sep) ? plain : plain + sep);
}
