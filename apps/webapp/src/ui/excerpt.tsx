import { clsx } from "clsx";
import { useState } from "react";
import { plain } from "#lib/plain.ts";

const LINES = 7;
const CHARACTERS = 500;

/** Text as it is, of a program or in `words`: no formatting, no escapes. Long text starts small and opens on request. */
export function Excerpt({
  text,
  label,
  words = false,
}: {
  text: string;
  label: string;
  words?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const shown = plain(text).trimEnd();
  const long = shown.length > CHARACTERS || shown.split("\n").length > LINES;
  return (
    <div className="overflow-hidden rounded-md border border-line bg-sunken">
      <pre
        tabIndex={long ? 0 : undefined}
        aria-label={label}
        className={clsx(
          "px-2.5 py-1.5 whitespace-pre-wrap wrap-anywhere text-ink",
          words ? "font-sans text-sm" : "font-mono text-xs",
          long && !open && "max-h-[8.6rem] overflow-hidden",
          long && open && "max-h-80 overflow-auto",
        )}
      >
        {shown}
      </pre>
      {long && (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="block w-full border-t border-line px-2.5 py-1 text-left text-2xs font-medium text-ink-soft hover:text-ink"
        >
          {open ? "Show less" : "Show all of it"}
        </button>
      )}
    </div>
  );
}
