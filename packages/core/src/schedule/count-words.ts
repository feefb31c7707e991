/** What a schedule has come to so far. `cost` is in the currency that harnesses report. */
type Counts = {
  readonly ticks: number;
  readonly wakes: number;
  readonly oks: number;
  readonly alerts: number;
  readonly duplicates: number;
  readonly failures: number;
  readonly sent: number;
  readonly retries: number;
  readonly dead: number;
  readonly cost: number;
  readonly skips: Readonly<Record<string, number>>;
};

export const NOTHING_COUNTED: Counts = {
  ticks: 0,
  wakes: 0,
  oks: 0,
  alerts: 0,
  duplicates: 0,
  failures: 0,
  sent: 0,
  retries: 0,
  dead: 0,
  cost: 0,
  skips: {},
};

/**
 * A schedule's counters, one after the other, the same at the page and at the command line: `12 ticks`, `3 wakes`,
 * `9 skips (7 nothing-due, 2 quiet-hours)`. Nothing is said that did not happen.
 */
export function countWords(counts: Counts): string[] {
  const { ticks, wakes, oks, alerts, duplicates, failures, sent, retries, dead, cost } = counts;
  const happened: [number, string, string][] = [
    [wakes, "wake", "wakes"],
    [oks, "OK", "OKs"],
    [alerts, "alert", "alerts"],
    [duplicates, "repeat", "repeats"],
    [failures, "failure", "failures"],
  ];
  const delivered: [number, string, string][] = [
    [sent, "sent", "sent"],
    [retries, "retry", "retries"],
    [dead, "not delivered", "not delivered"],
  ];
  return [
    ...counted([[ticks, "tick", "ticks"]], 0),
    ...counted(happened),
    ...skipWords(counts),
    ...counted(delivered),
    ...(cost > 0 ? [`cost ${cost.toFixed(2)}`] : []),
  ];
}

function counted(all: readonly [number, string, string][], from = 1): string[] {
  return all
    .filter(([number]) => number >= from)
    .map(([number, one, many]) => `${number} ${number === 1 ? one : many}`);
}

/** The reasons by how often they held. */
function skipWords({ skips }: Counts): string[] {
  const reasons = Object.entries(skips).toSorted(([, a], [, b]) => b - a);
  const all = reasons.reduce((sum, [, number]) => sum + number, 0);
  const each = reasons.map(([reason, number]) => `${number} ${reason}`).join(", ");
  return counted([[all, `skip (${each})`, `skips (${each})`]]);
}
