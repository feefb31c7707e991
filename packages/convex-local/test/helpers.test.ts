import { fileURLToPath } from "node:url";
import type { JSONValue } from "convex/values";
import { expect, test } from "vitest";
import type { Engine } from "../src/engine/engine.ts";
import { call, mutate, open, query } from "./engine.ts";

const functions = fileURLToPath(new URL("fixtures/helpers", import.meta.url));

/** `convex-helpers` as published, on an engine where ada and linus have written `each` messages. */
async function harbor(each = 2): Promise<Engine> {
  const engine = await open({ functions });
  await mutate(engine, "harbor:settle", { each });
  return engine;
}

interface Page {
  readonly page: string[];
  readonly isDone: boolean;
  readonly continueCursor: string;
}

/** Every page of a paginated query, from the first to the last. */
function allPages(
  engine: Engine,
  path: string,
  numItems: number,
  rest: JSONValue = {},
): string[][] {
  const pages: string[][] = [];
  let cursor: string | null = null;
  for (;;) {
    const args = { ...(rest as object), paginationOpts: { numItems, cursor } };
    const { page, isDone, continueCursor } = query(engine, path, args) as unknown as Page;
    pages.push(page);
    if (isDone || pages.length > 20) return pages;
    cursor = continueCursor;
  }
}

test("a custom function takes its argument, adds to the context, and still refuses what is no argument", async () => {
  const engine = await harbor();
  expect(query(engine, "harbor:whoami", { as: "ada", greeting: "ahoy" })).toBe(
    "ahoy, ada the planner",
  );
  expect(engine.query(call("harbor:whoami", { as: "grace", greeting: "ahoy" }))).toMatchObject({
    success: false,
    errorData: { kind: "nobody", name: "grace" },
  });
  const { errorMessage } = engine.query(
    call("harbor:whoami", { as: "ada", greeting: "ahoy", more: 1 }),
  ) as { errorMessage?: string };
  expect(errorMessage).toContain("ArgumentValidationError");
});

test("relationships follow one, many and joined documents", async () => {
  expect(query(await harbor(1), "harbor:related")).toEqual({
    rooms: ["harbor", "mill"],
    texts: ["ada 0", "linus 0"],
    authors: ["ada", "linus"],
  });
});

test("row-level security hides what may not be read and refuses what may not be changed", async () => {
  const engine = await harbor(1);
  expect(query(engine, "harbor:readable", { as: "ada" })).toEqual(["ada 0", "linus 0", "alone"]);
  expect(query(engine, "harbor:readable", { as: "linus" })).toEqual(["ada 0", "linus 0"]);
  const rewrite = { as: "linus", from: "linus 0", to: "rewritten" };
  expect(await mutate(engine, "harbor:rewrite", rewrite)).toBe(true);
  const foreign = await engine.mutation(
    call("harbor:rewrite", { as: "linus", from: "ada 0", to: "rewritten" }),
  );
  expect(foreign.success).toBe(false);
  expect(query(engine, "harbor:readable", { as: "linus" })).toEqual(["ada 0", "rewritten"]);
});

test("triggers see every change in turn, and a chain of them adds up", async () => {
  const engine = await harbor(0);
  await mutate(engine, "harbor:say", { texts: ["one", "two", "three"] });
  await mutate(engine, "harbor:unsay", { text: "two" });
  expect(query(engine, "harbor:counted")).toEqual({
    messages: 2,
    log: ["update harbor: 1", "update harbor: 2", "update harbor: 3", "update harbor: 2"],
  });
});

test("pagination by helpers gives every message once, in order, whatever the size of a page", async () => {
  const engine = await harbor(4);
  const texts = [0, 1, 2, 3].flatMap((at) => [`ada ${at}`, `linus ${at}`]);
  for (const size of [1, 3, 8, 100]) {
    expect(allPages(engine, "harbor:paged", size).flat()).toEqual(texts.toReversed());
    const pages = query(engine, "harbor:paginated", { size }) as string[][];
    expect(pages.flat()).toEqual([...texts, "alone"]);
  }
});

test("streams are merged by time, filtered in JavaScript and paginated", async () => {
  const engine = await harbor(3);
  const pages = allPages(engine, "harbor:merged", 2, { author: "ada" });
  expect(pages.flat()).toEqual(["ada 0", "ada 1", "ada 2", "alone"]);
  expect(pages.length).toBeGreaterThan(1);
});
