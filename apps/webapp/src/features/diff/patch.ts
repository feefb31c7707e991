import { plain } from "#lib/plain.ts";

/** One line of a hunk with its numbers before and after; null where it has none. */
export interface PatchLine {
  readonly kind: "same" | "added" | "removed" | "note";
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

export interface Hunk {
  /** The line where it begins before and after: no two hunks of a file share it. */
  readonly place: string;
  readonly head: string;
  readonly lines: readonly PatchLine[];
}

const HEAD = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$/u;

const KINDS: Readonly<Record<string, PatchLine["kind"]>> = {
  "+": "added",
  "-": "removed",
  " ": "same",
  "\\": "note",
};

/**
 * The hunks of one file as `git diff` prints them; what stands before the first hunk is left out. Text is made
 * plain, so that no line does anything but be read.
 */
export function hunksOf(patch: string): Hunk[] {
  const hunks: { place: string; head: string; lines: PatchLine[] }[] = [];
  let before = 0;
  let after = 0;
  for (const raw of patch.split("\n")) {
    const head = HEAD.exec(raw);
    if (head !== null) {
      before = Number(head[1]);
      after = Number(head[2]);
      hunks.push({ place: `${before} ${after}`, head: plain(head[3] ?? "").trim(), lines: [] });
      continue;
    }
    const kind = KINDS[raw.charAt(0)];
    const hunk = hunks.at(-1);
    if (hunk === undefined || kind === undefined) continue;
    const text = plain(raw.slice(1));
    const old = kind === "same" || kind === "removed";
    const fresh = kind === "same" || kind === "added";
    hunk.lines.push({ kind, before: old ? before : null, after: fresh ? after : null, text });
    if (old) before += 1;
    if (fresh) after += 1;
  }
  return hunks;
}

/** The first `most` lines of all hunks, and how many more there are. */
export function firstLines(hunks: readonly Hunk[], most: number): { shown: Hunk[]; more: number } {
  const shown: Hunk[] = [];
  let left = most;
  let more = 0;
  for (const { lines, ...hunk } of hunks) {
    if (left > 0) shown.push({ ...hunk, lines: lines.slice(0, left) });
    more += Math.max(0, lines.length - Math.max(0, left));
    left -= lines.length;
  }
  return { shown, more };
}
