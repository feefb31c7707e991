import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Report } from "../report.ts";
import type { Bug } from "./bug.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const run = promisify(execFile);

/** Small and dense: many short days find more than a few long ones. */
const SMALL = ["--agents", "3", "--hours", "0.1", "--rest", "0", "--dense"] as const;

/** How a bug was found, or that it was not. */
export interface Catch {
  readonly bug: Bug;
  /** The seed in which a rule was broken, and which. */
  readonly found: { readonly seed: number; readonly rule: string } | null;
  readonly seeds: number;
}

export interface HuntOptions {
  /** How many seeds may be tried for one bug, from 1 on. */
  readonly seeds: number;
  /** Begin with the seed that is known to find it. The count then says little about how well it is found. */
  readonly hinted: boolean;
  /** How many bugs are looked for side by side, each in a process of its own. */
  readonly side: number;
  readonly signal?: AbortSignal;
  readonly onCatch?: (one: Catch) => void;
}

/** Looks for each of the bugs until it is found or its seeds are used up. */
export async function hunt(bugs: readonly Bug[], options: HuntOptions): Promise<Catch[]> {
  const left = [...bugs];
  const caught: Catch[] = [];
  const work = async (): Promise<void> => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const one = await search(bug, options);
      caught.push(one);
      options.onCatch?.(one);
    }
  };
  await Promise.all(Array.from({ length: options.side }, work));
  return caught;
}

/** In words, on one line. */
export function lineOf({ bug, found, seeds }: Catch): string {
  const end =
    found === null
      ? `NOT FOUND in ${seeds} seeds`
      : `${found.rule} (seed ${found.seed}, ${seeds} ${seeds === 1 ? "seed" : "seeds"})`;
  return `${bug.name} → ${end}: ${bug.sentence}`;
}

async function search(bug: Bug, { seeds, hinted, signal }: HuntOptions): Promise<Catch> {
  const hint = hinted && bug.seed !== undefined ? await tryOut(bug, bug.seed, 1, signal) : null;
  if (hint?.found != null) return hint;
  const all = await tryOut(bug, 1, seeds, signal);
  return { ...all, seeds: all.seeds + (hint?.seeds ?? 0) };
}

async function tryOut(
  bug: Bug,
  first: number,
  count: number,
  signal: AbortSignal | undefined,
): Promise<Catch> {
  const seeds = ["--seed", String(first), "--seeds", String(count)];
  const args = [MAIN, "--json", "--bug", bug.name, ...SMALL, ...seeds];
  try {
    const { stdout } = await run(process.execPath, args, { ...(signal && { signal }) }).catch(
      (error: { code?: unknown; stdout: string }) => {
        if (error.code === 1) return error;
        throw error;
      },
    );
    const report = JSON.parse(stdout) as ReturnType<Report["data"]>;
    return { bug, found: report.failed[0] ?? null, seeds: report.seeds };
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    return { bug, found: null, seeds: 0 };
  }
}
