/** One figure of the page: the same measurement of several runs. */
export interface Figure {
  /** What was done. */
  readonly work: string;
  readonly metric: string;
  readonly unit: "ms" | "µs" | "/s" | "MB/s" | "s" | "MB" | "KB" | "";
  /** Whether the work is on disk before its answer; null where nothing is written. */
  readonly durable: boolean | null;
  /** One value per run. */
  readonly values: readonly number[];
}

/** What one run of a measurement found, by metric. */
export type Run = Readonly<Record<string, number>>;

/** Runs `measure` several times, one after the other; answers with each metric's values. */
export async function repeat(runs: number, measure: () => Promise<Run>): Promise<Run[]> {
  const found: Run[] = [];
  for (let run = 0; run < runs; run += 1) found.push(await measure());
  return found;
}

/** The figures of several runs of the same work, one per metric; the metric's unit by its name. */
export function figuresOf(
  about: Pick<Figure, "work" | "durable">,
  units: Readonly<Record<string, Figure["unit"]>>,
  runs: readonly Run[],
): Figure[] {
  const { work, durable } = about;
  return Object.entries(units).map(([metric, unit]) => ({
    work,
    durable,
    metric,
    unit,
    values: runs.map((run) => run[metric] ?? Number.NaN),
  }));
}

/** The value below which the share `part` (0 to 1) of `values` lies: nearest rank. NaN for none. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** The two that every latency is told by. */
export function spread(durations: readonly number[]): Run {
  return { p50: percentile(durations, 0.5), p99: percentile(durations, 0.99) };
}
