import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A mistake that somebody could make one day: one piece of a source file of the products, and what it would be. */
export interface Bug {
  readonly name: string;
  /** What goes wrong in the room. */
  readonly sentence: string;
  /** From the repository's root. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The rules of which the simulation is to find one broken. */
  readonly rules: readonly string[];
  /** One that finds it, to be tried first; any other may, too. */
  readonly seed?: number;
}

/** Where a bug sits. */
function pathOf({ file }: Bug): string {
  return fileURLToPath(new URL(`../../../../${file}`, import.meta.url));
}

/** The file's text with the bug in it. @throws when the code has moved on and the bug has to follow */
export function plant({ name, file, find, replace }: Bug, source: string): string {
  const times = source.split(find).length - 1;
  if (times === 1) return source.replace(find, () => replace);
  throw new Error(
    `The bug "${name}" cannot be planted: what it replaces is ${times} times in ${file}, not once. Look at what became of that code, and change the bug with it.`,
  );
}

/** @throws as `plant` does */
export function requirePlantable(bug: Bug): void {
  plant(bug, readFileSync(pathOf(bug), "utf8"));
}

let planted: Bug | null = null;

/** From here on the products are loaded with this bug: before any module of theirs is. */
export function plantInProducts(bug: Bug): void {
  requirePlantable(bug);
  planted = bug;
}

/** What a source file of the products says, by its path. */
export function sourceOf(path: string, source: string): string {
  return planted !== null && pathOf(planted) === path ? plant(planted, source) : source;
}
