import type { Value } from "convex/values";
import * as fc from "fast-check";
import type { Comparison, Operand, Query, Step } from "../fixtures/differential/steps.ts";

type Range = Query["range"];

/** Among them those on which orders and encodings go wrong. */
const scalars: readonly Value[] = [
  null,
  0n,
  -1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  0,
  -0,
  1.5,
  -1e300,
  5e-324,
  Number.NaN,
  Infinity,
  -Infinity,
  true,
  false,
  "",
  "a",
  "a\0",
  "ab",
  "\uffff",
  "\u{1f980}",
];

const INDEXES = [
  { table: "things", index: "by_a", fields: ["a", "_creationTime"] },
  { table: "things", index: "by_a_b", fields: ["a", "b"] },
  { table: "things", index: "by_inner", fields: ["a.x", "b"] },
  { table: "things", index: "by_creation_time", fields: ["_creationTime"] },
  { table: "berths", index: "by_a", fields: ["a"] },
  { table: "berths", index: "by_a_b", fields: ["a", "b"] },
  { table: "berths", index: null, fields: [] },
  { table: "things", index: null, fields: [] },
  { table: "things", index: "by_nothing", fields: ["a"] },
] as const;

/** One mutation of a sequence, and the pages that are read after it. */
export interface Turn {
  readonly steps: Step[];
  readonly fails: boolean;
  readonly pages: readonly { readonly query: Query; readonly size: number }[];
}

/** Sequences over a few values each, so that their rows meet. */
export const sequence: fc.Arbitrary<Turn[]> = fc
  .subarray([...scalars], { minLength: 2, maxLength: 6 })
  .chain(sequenceOver);

function sequenceOver(palette: readonly Value[]): fc.Arbitrary<Turn[]> {
  const bytes = fc.constantFrom([], [0], [0, 255], [1]).map((list) => new Uint8Array(list).buffer);
  const scalar: fc.Arbitrary<Value> = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...palette) },
    { weight: 1, arbitrary: bytes },
  );
  const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      { weight: 6, arbitrary: scalar },
      { weight: 1, arbitrary: fc.array(tie("value"), { maxLength: 2 }) as fc.Arbitrary<Value> },
      {
        weight: 1,
        arbitrary: fc.dictionary(fc.constantFrom("x", "y"), tie("value"), {
          maxKeys: 2,
          noNullPrototype: true,
        }) as fc.Arbitrary<Value>,
      },
    ),
  })).value;
  const operand: fc.Arbitrary<Operand> = fc.oneof(
    { weight: 1, arbitrary: fc.constant<Operand>([]) },
    { weight: 9, arbitrary: value.map((one): Operand => [one]) },
  );

  const some = { a: value, b: value, c: value };
  const anyFields = fc.oneof(
    { weight: 4, arbitrary: fc.record(some, { requiredKeys: ["a"] }) },
    { weight: 1, arbitrary: fc.record(some, { requiredKeys: [] }) },
  );
  /** Mostly what the schema allows, now and then something beside it. */
  const berthFields = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record(
        {
          a: fc.constantFrom<Value>(1, 2, "x", null, -0, Number.NaN),
          b: fc.constantFrom<Value>(true, false, 1n, 2n),
          c: fc.record({
            kind: fc.constantFrom<Value>("free", 3),
            list: fc.array(
              fc.oneof(fc.constantFrom<Value>("q", "r"), bytes as fc.Arbitrary<Value>),
              {
                maxLength: 2,
              },
            ),
          }) as fc.Arbitrary<Value>,
        },
        { requiredKeys: ["a"] },
      ),
    },
    { weight: 1, arbitrary: anyFields },
    {
      weight: 1,
      arbitrary: fc.record(
        { a: fc.constant<Value>(1), next: scalar, d: scalar },
        { requiredKeys: ["a"] },
      ),
    },
  ) as fc.Arbitrary<Record<string, Value>>;

  const insert: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      do: fc.constant("insert" as const),
      table: fc.constant("things"),
      fields: anyFields,
    }),
    fc.record({
      do: fc.constant("insert" as const),
      table: fc.constant("berths"),
      fields: berthFields,
    }),
  ) as fc.Arbitrary<Step>;

  const order = fc.constantFrom<"asc" | "desc">("asc", "desc");
  const filter = fc.record({
    compare: fc.constantFrom<Comparison>("eq", "neq", "gt", "gte", "lt", "lte"),
    field: fc.constantFrom("a", "b", "a.x", "c.kind", "nothing"),
    value: operand,
  });

  function rangeOn(fields: readonly string[]): fc.Arbitrary<Range> {
    const bound = <B extends Range[number]["bound"]>(at: number, ...bounds: B[]) =>
      fc.record({
        bound: fc.constantFrom(...bounds),
        field: fc.constant(fields[at] ?? "a"),
        value: operand,
      });
    const lower = (at: number) => bound(at, "gt", "gte");
    const upper = (at: number) => bound(at, "lt", "lte");
    const sides = (at: number): fc.Arbitrary<Range>[] => [
      fc.constant([]),
      fc.tuple(lower(at)),
      fc.tuple(upper(at)),
      fc.tuple(lower(at), upper(at)),
      fc.tuple(upper(at), lower(at)),
    ];
    const valid: fc.Arbitrary<Range>[] = [
      ...sides(0),
      ...sides(1).map((rest) =>
        fc.tuple(bound(0, "eq"), rest).map(([first, others]): Range => [[first], others].flat()),
      ),
    ];
    // Bounds in an order that no index can answer.
    const invalid = [
      fc.tuple(lower(0), bound(0, "eq")),
      fc.tuple(bound(1, "eq")),
      fc.tuple(lower(0), lower(0)),
      fc.tuple(lower(0), upper(1)),
    ];
    return fields.length === 0
      ? fc.constant([])
      : fc.oneof(
          { weight: 12, arbitrary: fc.oneof(...valid) },
          { weight: 1, arbitrary: fc.oneof(...(invalid as fc.Arbitrary<Range>[])) },
        );
  }

  const query: fc.Arbitrary<Query> = fc.constantFrom(...INDEXES).chain(({ table, index, fields }) =>
    fc.record({
      table: fc.constant(table as string),
      index: fc.constant(index as string | null),
      range: fc.oneof(fc.constant<Range>([]), rangeOn(fields)),
      order,
      filters: fc.oneof(
        { weight: 3, arbitrary: fc.constant<Query["filters"]>([]) },
        { weight: 1, arbitrary: fc.tuple(filter) },
      ),
    }),
  );

  const on = fc.nat(12);
  const change: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      do: fc.constant("patch" as const),
      on,
      fields: fc.oneof(anyFields, berthFields) as fc.Arbitrary<Record<string, Value>>,
      unset: fc.subarray(["a", "b", "c"]),
    }),
    fc.record({
      do: fc.constant("replace" as const),
      on,
      fields: fc.oneof(anyFields, berthFields),
    }) as fc.Arbitrary<Step>,
    fc.record({ do: fc.constantFrom("delete" as const, "get" as const), on }),
  );
  const read: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ do: fc.constant("list" as const), query, take: fc.option(fc.nat(4)) }),
    fc.record({ do: fc.constantFrom("first" as const, "unique" as const), query }),
  );
  const plain: fc.Arbitrary<Step> = fc.oneof(
    { weight: 5, arbitrary: insert },
    { weight: 3, arbitrary: change },
    { weight: 3, arbitrary: read },
  );
  const attempt: fc.Arbitrary<Step> = fc.record({
    do: fc.constant("attempt" as const),
    steps: fc.array(plain, { minLength: 1, maxLength: 3 }),
    fails: fc.boolean(),
  });

  const start = fc.array(insert, { minLength: 4, maxLength: 8 });
  const steps = fc.array(
    fc.oneof({ weight: 9, arbitrary: plain }, { weight: 1, arbitrary: attempt }),
    { minLength: 3, maxLength: 8 },
  );
  const page = fc.record({
    query: query.map((one): Query => Object.assign(one, { filters: [] })),
    size: fc.integer({ min: 1, max: 4 }),
  });
  const turn = fc.record({
    steps,
    fails: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, fc.constant(true)),
    pages: fc.array(page, { maxLength: 1 }),
  });
  return fc
    .tuple(start, fc.array(turn, { minLength: 1, maxLength: 3 }))
    .map(([inserts, turns]): Turn[] =>
      [{ steps: inserts, fails: false, pages: [] }, turns, LAST_LOOK].flat(),
    );
}

/** Every row by every index. */
const LAST_LOOK: Turn = {
  steps: INDEXES.map(({ table, index }) => {
    const query: Query = { table, index, range: [], order: "asc", filters: [] };
    return { do: "list", query, take: null };
  }),
  fails: false,
  pages: [],
};
