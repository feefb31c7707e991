import { ChevronRight } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { count } from "#lib/amount.ts";
import type { Diff } from "#lib/backend.ts";
import { plainLine } from "#lib/plain.ts";
import { Button } from "#ui/button.tsx";
import { Changes } from "./changes.tsx";
import { HunkTable } from "./hunk-table.tsx";
import { firstLines, hunksOf } from "./patch.ts";

type File = Diff["files"][number];

/** How many lines of one file are drawn at first; thousands of rows would hold up the page. */
const DRAWN = 400;

/** One changed file: its counts always, its hunks while it is open. */
export function FileChange({ file, startsOpen }: { file: File; startsOpen: boolean }) {
  const [open, setOpen] = useState(startsOpen);
  const body = useId();
  const path = plainLine(file.path);
  const { patch } = file;
  return (
    <li className="overflow-hidden rounded-md border border-line bg-raised" data-file={path}>
      <h4 className="flex items-center gap-2 text-xs">
        {patch === undefined ? (
          <span className="min-w-0 flex-1 px-2.5 py-1.5 font-mono wrap-anywhere">{path}</span>
        ) : (
          <button
            type="button"
            aria-expanded={open}
            aria-controls={body}
            onClick={() => setOpen(!open)}
            className="group flex min-w-0 flex-1 items-center gap-1.5 px-2.5 py-1.5 text-left hover:bg-sunken"
          >
            <ChevronRight
              aria-hidden="true"
              className="size-3 shrink-0 text-ink-faint group-aria-expanded:rotate-90"
            />
            <span className="min-w-0 font-mono wrap-anywhere">{path}</span>
          </button>
        )}
        <span className="pr-2.5">
          <Changes added={file.added} removed={file.removed} />
        </span>
      </h4>
      <div id={body}>
        {patch === undefined ? <NoPatch file={file} /> : open && <Patch text={patch} path={path} />}
      </div>
    </li>
  );
}

function NoPatch({ file }: { file: File }) {
  const lines = file.added + file.removed;
  return (
    <p className="border-t border-line px-2.5 py-1.5 text-2xs text-ink-faint">
      {lines === 0
        ? "No lines to show: it is binary, or only its name or mode changed."
        : `${count(lines, "line")} not stored`}
    </p>
  );
}

function Patch({ text, path }: { text: string; path: string }) {
  const [most, setMost] = useState(DRAWN);
  const hunks = useMemo(() => hunksOf(text), [text]);
  const { shown, more } = firstLines(hunks, most);
  if (hunks.length === 0)
    return (
      <p className="border-t border-line px-2.5 py-1.5 text-2xs text-ink-faint">
        No lines to show.
      </p>
    );
  return (
    <>
      <HunkTable hunks={shown} path={path} />
      {more > 0 && (
        <div className="border-t border-line px-2 py-1">
          <Button look="quiet" size="small" onClick={() => setMost(most + 5 * DRAWN)}>
            {count(more, "more line")}
          </Button>
        </div>
      )}
    </>
  );
}
