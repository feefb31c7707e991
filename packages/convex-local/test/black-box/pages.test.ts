import type { Value } from "convex/values";
import { beforeEach, describe, expect, test } from "vitest";
import { http, newRun, outcome, useDeployment } from "./target.ts";

useDeployment();

interface Page {
  page: Value[];
  isDone: boolean;
  continueCursor: string;
  splitCursor?: string | null;
  pageStatus?: string | null;
}

let run: string;
beforeEach(async () => {
  run = newRun();
  await http().mutation("rows:fill", { run, rows: [1, 2, 3, 4, 5, 6, 7].map((a) => ({ a })) });
});

async function page(options: Record<string, Value>, order = "asc"): Promise<Page> {
  const paginationOpts = { numItems: 3, cursor: null, ...options };
  return (await http().query("rows:page", { run, order, paginationOpts })) as Page;
}
const insert = async (...values: number[]) =>
  await http().mutation("rows:fill", { run, rows: values.map((a) => ({ a })) });

describe.each([
  ["asc", [[1, 2, 3], [4, 5, 6], [7]]],
  ["desc", [[7, 6, 5], [4, 3, 2], [1]]],
])("pages in order %s", (order, expected) => {
  test("follow one another without a gap to the end", async () => {
    const pages: Value[][] = [];
    let cursor: string | null = null;
    for (;;) {
      const next: Page = await page({ cursor }, order);
      pages.push(next.page);
      cursor = next.continueCursor;
      if (next.isDone) break;
    }
    expect(pages).toEqual(expected);
  });

  test("asked for up to their end again hold what came into them", async () => {
    const first = await page({}, order);
    await insert(2.5, 5.5);
    const again = await page({ endCursor: first.continueCursor }, order);
    const added = order === "asc" ? [1, 2, 2.5, 3] : [7, 6, 5.5, 5];
    expect(again.page).toEqual(added);
    expect(again.continueCursor).toBe(first.continueCursor);
    const second = await page({ cursor: first.continueCursor }, order);
    expect(second.page).not.toContain(added[2]);
  });
});

test.each([1, 2, 7, 8, 100])("pages of %d hold all rows once", async (numItems) => {
  const seen: Value[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 20; pages += 1) {
    const next: Page = await page({ numItems, cursor });
    seen.push(...next.page);
    cursor = next.continueCursor;
    if (next.isDone) break;
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("a page past the end is empty and done", async () => {
  const last = await page({ numItems: 100 });
  expect(last.isDone).toBe(true);
  expect(await page({ cursor: last.continueCursor })).toMatchObject({ page: [], isDone: true });
});

test("a row that is deleted at a cursor does not disturb the next page", async () => {
  const first = await page({});
  const [third] = (await http().query("values:kept", { run, value: 3 })) as { _id: string }[];
  await http().mutation("rows:change", { how: "delete", id: third?._id ?? "", fields: {} });
  expect((await page({ cursor: first.continueCursor })).page).toEqual([4, 5, 6]);
});

test("a page that may read so many rows says where it can be split, and both halves make it up", async () => {
  const cut = await page({ numItems: 100, maximumRowsRead: 4 });
  expect(cut).toMatchObject({ page: [1, 2, 3, 4], isDone: false, pageStatus: "SplitRequired" });
  const splitCursor = cut.splitCursor ?? "";
  const left = await page({ endCursor: splitCursor });
  const right = await page({ cursor: splitCursor, endCursor: cut.continueCursor });
  expect([...left.page, ...right.page]).toEqual([1, 2, 3, 4]);
  expect(left.page.length).toBeGreaterThan(0);
  expect(right.page.length).toBeGreaterThan(0);
});

const INVALID = {
  failed: true,
  data: { isConvexSystemError: true, paginationError: "InvalidCursor" },
};

test.each(["", "x", "AAAA", "_end_cursor", '["1"]'])("the cursor %j is refused", async (cursor) => {
  expect(await outcome(page({ cursor }))).toMatchObject({ failed: true });
});

test("a cursor of another query is refused in a way that a client can start anew from", async () => {
  const first = await page({});
  const paginationOpts = { numItems: 3, cursor: first.continueCursor };
  expect(await outcome(http().query("rows:otherPage", { run, paginationOpts }))).toEqual(INVALID);
  expect(await outcome(page({ cursor: first.continueCursor }, "desc"))).toEqual(INVALID);
});

test("a function paginates once", async () => {
  expect(await outcome(http().query("rows:twoPages", { run }))).toMatchObject({ failed: true });
});
