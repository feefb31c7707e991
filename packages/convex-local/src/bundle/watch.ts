import { type FSWatcher, watch } from "node:fs";
import { dirname, sep } from "node:path";

/** Milliseconds of quiet after which a change counts as complete: editors write in several steps. */
const QUIET = 60;

/**
 * Calls `changed` after files of the folder, or sources outside that went into its bundle, have changed; never twice at once.
 * It answers the new list of sources, or undefined to go on with the present one. The answer ends the watching.
 */
export function watchFolder(
  folder: string,
  inputs: readonly string[],
  changed: () => Promise<readonly string[] | undefined>,
): () => void {
  const watchers = new Map<string, FSWatcher | undefined>();
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  let isStopped = false;

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), QUIET);
  };
  const run = async () => {
    if (isRunning) return later();
    isRunning = true;
    try {
      const next = await changed();
      if (next !== undefined && !isStopped) follow(next);
    } finally {
      isRunning = false;
    }
  };
  /** Undefined for a directory that has gone since the bundle was made: then a change of the folder itself will tell. */
  const watching = (directory: string): FSWatcher | undefined => {
    try {
      const watcher = watch(directory, { recursive: directory === folder }, later);
      return watcher.on("error", () => watchers.delete(directory));
    } catch {
      return undefined;
    }
  };
  const follow = (files: readonly string[]) => {
    for (const directory of directoriesOf(folder, files)) {
      if (!watchers.has(directory)) watchers.set(directory, watching(directory));
    }
  };

  follow(inputs);
  return () => {
    isStopped = true;
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher?.close();
  };
}

/** Installed packages do not change under a running server. */
function directoriesOf(folder: string, files: readonly string[]): Set<string> {
  const outside = files.filter(
    (file) => !file.startsWith(folder + sep) && !file.includes(`${sep}node_modules${sep}`),
  );
  const sources = outside.filter(
    (file) => /\.(?:[cm]?[jt]sx?|json)$/.test(file) && !file.endsWith("convex-local-entry.js"),
  );
  return new Set([folder, ...sources.map(dirname)]);
}
