import { percentile } from "./figure.ts";
import type { Figure } from "./figure.ts";

const INTRODUCTION = `# Benchmarks

\`pnpm bench\` measures and writes this page; \`pnpm bench delivery starts\` prints those measurements alone. Every figure is the median of its
runs, with the least and the greatest. The backend runs with its real functions – validators, schema, identity, rights – in a process of its own,
as \`muster up\` starts it; the load comes from other processes through the official clients with real tokens. No test asserts a time.

Read each figure against the yardstick: it says what this computer's disk, loopback and JSON can do at best. Beside the
smallest mutation SQLite alone inserts the same document, by turns: a ratio above 1 is what mutations gain that arrive together and share a
sync. Missing so far: other peers doing the same work in the same run (Redis, PostgreSQL, NATS and the queues on top of them), and the product
itself with many agents and large rooms: those figures are the runtime's, with small functions.
`;

/** The whole page, in Markdown. */
export function pageOf(
  facts: readonly (readonly [string, string])[],
  sections: readonly (readonly [string, readonly Figure[]])[],
): string {
  const setting = ["| setting | |", "| --- | --- |", ...facts.map((fact) => row(fact))].join("\n");
  const parts = sections.map(([title, figures]) => `## ${title}\n\n${tableOf(figures)}`);
  return `${[INTRODUCTION, setting, ...parts].join("\n\n")}\n`;
}

/** One row per figure. */
export function tableOf(figures: readonly Figure[]): string {
  const head = ["work", "metric", "median", "least – greatest", "on disk before the answer"];
  const rows = figures.map(({ work, metric, unit, durable, values }) => {
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    const range = values.length > 1 ? `${shown(least)} – ${shown(greatest)}` : "one run";
    const disk = durable === null ? "–" : durable ? "yes" : "no";
    return row([work, metric, `${shown(percentile(values, 0.5))} ${unit}`.trim(), range, disk]);
  });
  return [row(head), row(head.map(() => "---")), ...rows].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Three digits that mean something. */
function shown(value: number): string {
  if (Number.isNaN(value)) return "not measured";
  if (value >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en");
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
