import { clsx } from "clsx";
import type { Hunk, PatchLine } from "./patch.ts";

const LOOKS = {
  same: { row: "", sign: " ", said: null },
  added: { row: "bg-green-wash", sign: "+", said: "added: " },
  removed: { row: "bg-red-wash", sign: "−", said: "removed: " },
  note: { row: "text-ink-faint", sign: " ", said: null },
} satisfies Record<PatchLine["kind"], { row: string; sign: string; said: string | null }>;

/** The hunks of a file. A sign and a word tell added from removed, and the colour only repeats it. */
export function HunkTable({ hunks, path }: { hunks: readonly Hunk[]; path: string }) {
  return (
    <div
      className="max-h-[32rem] overflow-auto border-t border-line"
      tabIndex={0}
      role="group"
      aria-label={`Changes in ${path}`}
    >
      <table className="min-w-full border-separate border-spacing-0 font-mono text-2xs leading-[1.15rem]">
        <caption className="sr-only">Changes in {path}, line by line</caption>
        {hunks.map((hunk, index) => (
          <tbody key={hunk.place}>
            {(index > 0 || hunk.head !== "") && (
              <tr className="bg-sunken text-ink-faint">
                <td className="px-2 text-right select-none" colSpan={2}>
                  <span aria-hidden="true">⋯</span>
                </td>
                <td className="px-2 whitespace-pre" colSpan={2}>
                  {hunk.head}
                </td>
              </tr>
            )}
            {hunk.lines.map((line) => (
              <Line key={`${line.kind} ${line.before} ${line.after}`} line={line} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Line({ line }: { line: PatchLine }) {
  const { row, sign, said } = LOOKS[line.kind];
  return (
    <tr className={clsx("text-ink", row)} data-line={line.kind}>
      <Number value={line.before} />
      <Number value={line.after} />
      <td className="w-4 pl-2 text-center font-semibold select-none" aria-hidden="true">
        {sign}
      </td>
      <td className="w-full pr-3 pl-1 whitespace-pre [tab-size:4]">
        {said !== null && <span className="sr-only">{said}</span>}
        {line.text}
      </td>
    </tr>
  );
}

function Number({ value }: { value: number | null }) {
  return (
    <td
      className="min-w-8 px-1 text-right text-ink-soft tabular-nums select-none"
      aria-hidden="true"
    >
      {value}
    </td>
  );
}
