import { headOf, utf8Length } from "../room/text.ts";

/** One changed file; `patch` holds its hunks as `git diff` prints them, or is left out for want of room. */
export type FileDiff = {
  readonly path: string;
  readonly added: number;
  readonly removed: number;
  readonly patch?: string | undefined;
};

/** What a task changed in its repository. `totals` counts everything, also what the lists leave out. */
export type TaskDiff = {
  readonly base: string;
  readonly head: string;
  readonly commits: readonly { readonly hash: string; readonly subject: string }[];
  readonly files: readonly FileDiff[];
  readonly totals: {
    readonly commits: number;
    readonly files: number;
    readonly added: number;
    readonly removed: number;
  };
  /** Something was left out of the lists or the patches. */
  readonly truncated: boolean;
};

/** The most that is kept of a diff: a person reads a part of it here and the whole in the repository. */
export const DIFF_LIMITS = {
  /** Files with their counts; a commit of vendored code has thousands. */
  files: 300,
  commits: 100,
  /** Bytes of one file's hunks. */
  patch: 64 * 1024,
  /** Bytes of all hunks; with everything else it stays well below what one document may hold. */
  patches: 384 * 1024,
  /** Bytes of a path or a subject. */
  line: 1024,
} as const;

/** How long a diff is kept: a season; its commits stay in the repository. */
export const DIFFS_KEPT_MS = 90 * 24 * 3_600_000;

/** The part of a diff that is kept: the first files and hunks that fit. Bounding it twice changes nothing. */
export function boundDiff(diff: TaskDiff): TaskDiff {
  const commits = diff.commits
    .slice(0, DIFF_LIMITS.commits)
    .map(({ hash, subject }) => ({ hash: line(hash), subject: line(subject) }));
  let left: number = DIFF_LIMITS.patches;
  let truncated =
    diff.truncated || commits.length < diff.commits.length || diff.files.length > DIFF_LIMITS.files;
  const files = diff.files.slice(0, DIFF_LIMITS.files).map((file) => {
    const { added, removed, patch } = file;
    const path = line(file.path);
    if (patch === undefined) return { path, added, removed };
    // A UTF-16 unit is at least one byte, so what has more of them need not be measured.
    const most = Math.min(DIFF_LIMITS.patch, left);
    const bytes = patch.length > most ? Number.POSITIVE_INFINITY : utf8Length(patch);
    if (bytes > most) {
      truncated = true;
      return { path, added, removed };
    }
    left -= bytes;
    return { path, added, removed, patch };
  });
  const { totals } = diff;
  return { base: line(diff.base), head: line(diff.head), commits, files, totals, truncated };
}

const line = (text: string) => headOf(text, DIFF_LIMITS.line);
