/** Milliseconds until a worker that is asked has begun: waking a thread, its snapshot, its report. */
const TRIP = 0.2;
/** Milliseconds that a query costs this thread though a worker runs it, and the worker beside running it. */
const HANDED = 0.03;
/** What sharing has to save, as a part of the whole and in milliseconds, or it is not worth a second core. */
const LEAST_PART = 0.25;
const LEAST_SAVING = 1.5;
/** Milliseconds of a query for whose sake nothing else should have to wait: it is handed over though it ends no earlier so. */
const LONG = 20;

/** Milliseconds of a query that is asked for alone, so that the trip is a small part of it. */
const WORTH_A_TRIP = 0.8;

/** Who runs which queries of a batch, by their places in it. */
export interface Split {
  readonly here: readonly number[];
  /** A list per worker, for the first workers; none is empty. */
  readonly there: readonly (readonly number[])[];
  /** Milliseconds that all of it would take here. */
  readonly alone: number;
  /** Milliseconds that this thread is spared. */
  readonly spared: number;
}

/** By place, the milliseconds that each query is expected to take; undefined for one that has to run here. */
type Costs = readonly (number | undefined)[];

/**
 * Splits a batch so that it ends as early as may be: each query, the longest first, goes where it would end first. Undefined when
 * that saves too little.
 */
export function split(costs: Costs, workers: number): Split | undefined {
  const alone = costs.reduce<number>((sum, cost = 0) => sum + cost, 0);
  if (workers === 0 || alone < LEAST_SAVING) return undefined;
  const here = { ends: 0, places: [] as number[] };
  const there = Array.from({ length: workers }, () => ({ ends: TRIP, places: [] as number[] }));
  for (const place of longestFirst(costs)) {
    const cost = costs[place] ?? 0;
    const worker = there.reduce((first, next) => (next.ends < first.ends ? next : first));
    const endsThere = worker.ends + cost + HANDED;
    const staysHere = here.ends + cost <= endsThere && cost < LONG;
    if (staysHere || costs[place] === undefined) {
      here.places.push(place);
      here.ends += cost;
    } else {
      worker.places.push(place);
      worker.ends = endsThere;
      here.ends += HANDED;
    }
  }
  const saved = alone - Math.max(here.ends, ...there.map(({ ends }) => ends));
  const isWorthIt = saved >= LEAST_SAVING && saved >= alone * LEAST_PART;
  if (!isWorthIt && !costs.some((cost = 0) => cost >= LONG)) return undefined;
  return {
    here: here.places,
    there: there.map(({ places }) => places).filter(({ length }) => length > 0),
    alone,
    spared: alone - here.ends,
  };
}

/** Hands over whatever can be, one by one to each worker in turn. */
export function splitAll(costs: Costs, workers: number): Split {
  const places = Array.from(costs.keys());
  const handed = places.filter((place) => costs[place] !== undefined);
  const turns = Array.from({ length: workers }, (_, turn) => turn);
  return {
    here: places.filter((place) => costs[place] === undefined),
    there: turns
      .map((turn) => handed.filter((_place, at) => at % workers === turn))
      .filter(({ length }) => length > 0),
    alone: Infinity,
    spared: 0,
  };
}

/** Whether a query that is asked for alone may as well be run by a worker. */
export function isWorthATrip(cost: number): boolean {
  return cost >= WORTH_A_TRIP;
}

function longestFirst(costs: Costs): number[] {
  const places = Array.from(costs.keys());
  return places.toSorted((left, right) => (costs[right] ?? 0) - (costs[left] ?? 0));
}
