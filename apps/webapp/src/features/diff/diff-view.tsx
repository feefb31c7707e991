import { count } from "#lib/amount.ts";
import type { Diff } from "#lib/backend.ts";
import { plainLine } from "#lib/plain.ts";
import { Changes } from "./changes.tsx";
import { FileChange } from "./file-change.tsx";

/** How many lines of hunks are open from the start, over all files: a person looks at small changes at once. */
const OPEN_LINES = 120;

/** What a task changed: its commits and its files. Every text in it is an agent's, and is only ever text. */
export function DiffView({ diff }: { diff: Diff }) {
  const { commits, files, totals } = diff;
  const unlistedFiles = totals.files - files.length;
  const unlistedCommits = totals.commits - commits.length;
  const open = openFromStart(files);
  return (
    <div data-diff={diff.head} className="space-y-3">
      <p className="flex flex-wrap items-baseline gap-x-2 text-xs text-ink-soft">
        <span>
          {count(totals.commits, "commit")}, {count(totals.files, "file")}
        </span>
        <Changes added={totals.added} removed={totals.removed} />
      </p>
      <ul className="space-y-1">
        {commits.map(({ hash, subject }) => (
          <li key={hash} className="flex items-baseline gap-2 text-sm">
            <code className="shrink-0 font-mono text-2xs text-ink-faint" title={plainLine(hash)}>
              {plainLine(hash).slice(0, 10)}
            </code>
            <span className="min-w-0 wrap-anywhere">{plainLine(subject)}</span>
          </li>
        ))}
        {unlistedCommits > 0 && <NotStored>{count(unlistedCommits, "more commit")}</NotStored>}
      </ul>
      <ul className="space-y-2">
        {files.map((file) => (
          <FileChange key={file.path} file={file} startsOpen={open.has(file)} />
        ))}
        {unlistedFiles > 0 && <NotStored>{count(unlistedFiles, "more file")}</NotStored>}
      </ul>
      {diff.truncated && (
        <p className="text-2xs text-ink-faint">
          The whole of it is in the repository:{" "}
          <code className="font-mono">
            git diff {plainLine(diff.base).slice(0, 10)} {plainLine(diff.head).slice(0, 10)}
          </code>
        </p>
      )}
    </div>
  );
}

function openFromStart(files: Diff["files"]): Set<Diff["files"][number]> {
  const open = new Set<Diff["files"][number]>();
  let left = OPEN_LINES;
  for (const file of files) {
    const lines = file.added + file.removed;
    if (file.patch === undefined || lines > left) continue;
    left -= lines;
    open.add(file);
  }
  return open;
}

function NotStored({ children }: { children: string }) {
  return <li className="text-xs text-ink-faint">{children} not stored</li>;
}
