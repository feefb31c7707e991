import { useLayoutEffect, useRef } from "react";

const CHARACTERS = 12_000;
const NEAR_PX = 24;

/**
 * The end of what an agent says, as plain text in a box that does not grow: it follows the output until the
 * person scrolls up in it.
 */
export function OutputTail({ text, live }: { text: string; live: boolean }) {
  const box = useRef<HTMLPreElement>(null);
  const stuck = useRef(live);
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null && stuck.current) element.scrollTop = element.scrollHeight;
  });
  const onScroll = () => {
    const element = box.current;
    if (element === null) return;
    stuck.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
  };
  const cut = text.length > CHARACTERS;
  return (
    <section aria-label="Output">
      <h4 className="mb-1 text-2xs font-medium text-ink-faint">Output{cut ? " (its end)" : ""}</h4>
      <pre
        ref={box}
        onScroll={onScroll}
        tabIndex={0}
        data-output=""
        className="max-h-44 overflow-y-auto rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-2xs whitespace-pre-wrap wrap-anywhere text-ink-soft"
      >
        {cut ? text.slice(-CHARACTERS) : text}
      </pre>
    </section>
  );
}
