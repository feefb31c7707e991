import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Makes the names within a directory last: files that appeared, were renamed or went. Serves for a file's own bytes as well. */
export function syncNames(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a directory for its owner alone (0700), with all above it that is missing, such that a power cut does not undo it. */
export function makeDirectory(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = resolve(path); ; made = dirname(made)) {
    syncNames(dirname(made));
    if (made === resolve(first)) return;
  }
}
