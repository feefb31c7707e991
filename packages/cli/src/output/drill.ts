import { isKept } from "../drill/promises.ts";
import type { Incident, Measured } from "../drill/promises.ts";
import type { Line } from "../invocation.ts";

const WHAT: Readonly<Record<Incident, string>> = {
  agent: "the agent",
  daemon: "the daemon",
  backend: "the backend",
};

const WIDTHS = [12, 20, 20];

/** What was measured beside what is promised, one line per kill. */
export function drillLines(measured: readonly Measured[]): Line[] {
  const head = row(["killed", "seen after", "back after", "its task"]);
  return [
    head,
    ...measured.map((one): Line => {
      const { incident, promised, seenMs, backMs, taskKept } = one;
      const text = row([
        WHAT[incident],
        `${seconds(seenMs)} (≤ ${seconds(promised.seenMs)})`,
        `${seconds(backMs)} (≤ ${seconds(promised.backMs)})`,
        taskKept ? "finished, once" : "LOST OR DOUBLED",
      ]);
      return { text, colour: isKept(one) ? "green" : "red" };
    }),
  ];
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0))
    .join("  ")
    .trimEnd();
}

function seconds(ms: number | null): string {
  return ms === null ? "–" : `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 0)} s`;
}
