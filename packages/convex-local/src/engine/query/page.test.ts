import type { JSONValue } from "convex/values";
import { beforeEach, describe, expect, test } from "vitest";
import { call, mutate, open, query } from "../../../test/engine.ts";
import type { Engine } from "../engine.ts";

interface Page {
  readonly page: number[];
  readonly isDone: boolean;
  readonly continueCursor: string;
  readonly splitCursor: string | null;
  readonly pageStatus: string | null;
}
interface Options {
  readonly numItems?: number;
  readonly cursor?: string;
  readonly endCursor?: string;
  readonly maximumRowsRead?: number;
  readonly maximumBytesRead?: number;
}

let engine: Engine;
beforeEach(async () => {
  engine = await open();
});

const argsOf = (options: Options): Record<string, JSONValue> => ({
  paginationOpts: { numItems: 100, cursor: null, ...options },
});
const pageOf = (options: Options, more: Record<string, JSONValue> = {}) =>
  query(engine, "things:page", { ...argsOf(options), ...more }) as unknown as Page;
const put = async (...values: JSONValue[]) => {
  for (const value of values) await mutate(engine, "things:put", { value });
};
const fill = async (count: number) => await mutate(engine, "limits:put", { count });

/** A page with its halves, as a client reads them instead of it. */
function halvesOf({ splitCursor, continueCursor }: Page, options: Options = {}): [Page, Page] {
  const middle = splitCursor ?? "";
  return [
    pageOf({ ...options, endCursor: middle }),
    pageOf({ ...options, cursor: middle, endCursor: continueCursor }),
  ];
}

describe("a page that may read no more", () => {
  test.each<[string, Options]>([
    ["rows", { maximumRowsRead: 4 }],
    // A row is some 90 bytes, and the one that goes beyond is still taken.
    ["bytes", { maximumBytesRead: 300 }],
  ])("%s ends early, must be split, and goes on where it was cut", async (_, limit) => {
    await fill(8);
    const cut = pageOf(limit);
    expect(cut).toMatchObject({ page: [0, 1, 2, 3], isDone: false, pageStatus: "SplitRequired" });
    expect(halvesOf(cut).flatMap(({ page }) => page)).toEqual([0, 1, 2, 3]);
    expect(pageOf({ cursor: cut.continueCursor }).page).toEqual([4, 5, 6, 7]);
  });

  test("counts the rows that a filter leaves out, and takes at least one", async () => {
    await put(9, 9, 9);
    const options = { maximumRowsRead: 2 };
    expect(pageOf(options, { below: 5 })).toMatchObject({ page: [], pageStatus: "SplitRequired" });
    expect(pageOf({ maximumBytesRead: 1 }).page).toEqual([9]);
  });

  test("reads all the same up to where it ended before, so that no row falls between two pages", async () => {
    await fill(8);
    const limit = { maximumRowsRead: 4 };
    const first = engine.query(call("things:page", argsOf(limit)));
    const cut = first.success ? (first.value as unknown as Page) : undefined;
    await put(0.5, 1.5, 2.5);
    const grown = [0, 0.5, 1, 1.5, 2, 2.5, 3];
    const again = engine.query(call("things:page", argsOf(limit)), { journal: first.journal });
    expect(again).toMatchObject({ value: { page: grown }, journal: first.journal });
    const pinned = pageOf({ ...limit, endCursor: cut?.continueCursor ?? "" });
    expect(pinned).toMatchObject({ page: grown, continueCursor: cut?.continueCursor });
    expect(halvesOf(pinned, limit).flatMap(({ page }) => page)).toEqual(grown);
  });
});

describe("a page is better split", () => {
  test("beyond three quarters of what it may read", async () => {
    await fill(8);
    const statuses = [3, 4].map((numItems) => pageOf({ numItems, maximumRowsRead: 4 }).pageStatus);
    expect(statuses).toEqual([null, "SplitRecommended"]);
  });

  test("beyond three quarters of the longest list", async () => {
    await fill(6_145);
    expect(pageOf({ numItems: 6_144 }).pageStatus).toBeNull();
    expect(pageOf({ numItems: 6_145 }).pageStatus).toBe("SplitRecommended");
    // Rows that were only passed over make no list.
    expect(pageOf({ numItems: 6_145 }, { below: 10 })).toMatchObject({ pageStatus: null });
  });

  test("beyond twelve MiB", async () => {
    const room = await mutate(engine, "rooms:create", { name: "harbor" });
    const text = "x".repeat(1_000_000);
    for (let at = 0; at < 13; at += 1) await mutate(engine, "messages:send", { room, text });
    const statusOf = (numItems: number) =>
      query(engine, "messages:page", { room, ...argsOf({ numItems }) });
    expect(statusOf(12)).toMatchObject({ pageStatus: null });
    expect(statusOf(13)).toMatchObject({ pageStatus: "SplitRecommended" });
  });
});

test.each<[Options, RegExp]>([
  [{ numItems: 0 }, /at least one/],
  [{ maximumRowsRead: 0 }, /maximumRowsRead/],
  [{ maximumBytesRead: 0 }, /maximumBytesRead/],
])("a page that could never come to an end is refused: %j", (options, reason) => {
  expect(() => pageOf(options)).toThrow(reason);
});
