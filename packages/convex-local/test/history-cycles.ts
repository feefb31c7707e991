/** One transaction as its client knows it: what it read before it wrote, and the lists to which it appended its name. */
export interface Step {
  /** Unique; it is also the value that it appended. */
  readonly name: string;
  readonly reads: Readonly<Record<string, readonly string[]>>;
  readonly appends: readonly string[];
  /** The step that the same client had an answer to before it began this one. */
  readonly after: string | null;
}

/**
 * What is wrong with a history, in words; nothing if some serial order explains it in which each client's steps follow one another.
 * Appends to a list fix the order of its writers, so the dependencies are known: who wrote after whom (ww), who read whom (wr) and
 * who was written after by whom (rw). The history is serializable exactly if they form no circle.
 */
export function faultsOf(
  steps: readonly Step[],
  lists: Readonly<Record<string, readonly string[]>>,
): string[] {
  const faults = [...appendFaults(steps, lists), ...readFaults(steps, lists)];
  if (faults.length > 0) return faults;
  const circle = circleIn(dependenciesOf(steps, lists));
  return circle.length === 0 ? [] : [`a circle among ${circle.slice(0, 10).join(", ")}`];
}

type Lists = Readonly<Record<string, readonly string[]>>;

/** Each append stands in its list exactly once, and nothing else does. */
function appendFaults(steps: readonly Step[], lists: Lists): string[] {
  const expected = steps.flatMap(({ name, appends }) =>
    appends.map((list) => `${name} in ${list}`),
  );
  const found = Object.entries(lists).flatMap(([list, values]) =>
    values.map((value) => `${value} in ${list}`),
  );
  const [wanted, present] = [new Set(expected), new Set(found)];
  return [
    ...expected.filter((entry) => !present.has(entry)).map((entry) => `lost: ${entry}`),
    ...found.filter((entry) => !wanted.has(entry)).map((entry) => `never sent: ${entry}`),
    ...found.filter((entry, at) => found.indexOf(entry) !== at).map((entry) => `twice: ${entry}`),
  ];
}

/** Whatever was read is a beginning of what the list became. */
function readFaults(steps: readonly Step[], lists: Lists): string[] {
  return steps.flatMap(({ name, reads }) =>
    Object.entries(reads)
      .filter(([list, values]) => values.some((value, at) => value !== lists[list]?.[at]))
      .map(([list]) => `${name} read ${list} as it never was`),
  );
}

function dependenciesOf(steps: readonly Step[], lists: Lists): Map<string, Set<string>> {
  const edges = new Map(steps.map(({ name }) => [name, new Set<string>()]));
  const add = (from: string | undefined, to: string | undefined) => {
    if (from !== undefined && to !== undefined && from !== to) edges.get(from)?.add(to);
  };
  for (const values of Object.values(lists)) {
    for (const [at, value] of values.entries()) add(value, values[at + 1]);
  }
  for (const { name, reads, after } of steps) {
    add(after ?? undefined, name);
    for (const [list, values] of Object.entries(reads)) {
      add(values.at(-1), name);
      add(name, lists[list]?.[values.length]);
    }
  }
  return edges;
}

/** The steps that are left when all have been taken away that wait for none: each lies on a circle or behind one. */
function circleIn(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const waiting = new Map([...edges.keys()].map((name) => [name, 0]));
  for (const targets of edges.values()) {
    for (const target of targets) waiting.set(target, (waiting.get(target) ?? 0) + 1);
  }
  const free = [...waiting].filter(([, count]) => count === 0).map(([name]) => name);
  for (let name = free.pop(); name !== undefined; name = free.pop()) {
    waiting.delete(name);
    for (const target of edges.get(name) ?? []) {
      const count = (waiting.get(target) ?? 0) - 1;
      waiting.set(target, count);
      if (count === 0) free.push(target);
    }
  }
  return [...waiting.keys()];
}
