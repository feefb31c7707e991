import { convexToJson, type JSONValue, type Value } from "convex/values";
import type { Query } from "../fixtures/differential/steps.ts";
import type { Turn } from "./sequence.ts";
import type { Side } from "./sides.ts";

/** What one side answered, comparable with what the other did: ids and creation times are replaced by the insert's number. */
export type Transcript = readonly unknown[];

interface Page {
  page: Value[];
  isDone: boolean;
  continueCursor: string;
}

export async function play(side: Side, turns: readonly Turn[]): Promise<Transcript> {
  let ids: string[] = [];
  const transcript: unknown[] = [];
  for (const { steps, fails, pages } of turns) {
    const args = { steps, fails, ids, decides: side.decides } as unknown as Record<string, Value>;
    try {
      const done = (await side.mutation("steps:run", args)) as { results: Value; ids: string[] };
      ids = done.ids;
      transcript.push(done.results);
    } catch {
      transcript.push("failed as a whole");
    }
    for (const { query, size } of pages) transcript.push(await paged(side, query, size));
  }
  const number = new Map(ids.map((id, at) => [id, `#${at}`]));
  return transcript.map((entry) => normal(convexToJson(entry as Value), number));
}

/** All pages, then the first one again as a reactive client asks for it: up to where it ended. */
async function paged(side: Side, query: Query, size: number): Promise<unknown> {
  const pages: Value[][] = [];
  const read = async (options: Record<string, Value>) =>
    (await side.query("steps:page", { query: query as never, options })) as unknown as Page;
  try {
    let cursor: string | null = null;
    let first: Page | undefined;
    for (;;) {
      const page: Page = await read({ numItems: size, cursor });
      first ??= page;
      // A page that ends with the last row may or may not know that it did.
      if (page.page.length > 0) pages.push(page.page);
      if (page.isDone || pages.length > 100) break;
      cursor = page.continueCursor;
    }
    const endCursor = first.continueCursor;
    const again = await read({ numItems: 1, cursor: null, endCursor });
    return [...pages, again.page];
  } catch {
    return "failed";
  }
}

function normal(value: JSONValue, number: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string")
    return number.get(value) ?? (/^[0-9a-z]{31,}$/.test(value) ? "#gone" : value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((inner) => normal(inner, number));
  const entries = Object.entries(value).filter(([name]) => name !== "_creationTime");
  return Object.fromEntries(entries.map(([name, inner]) => [name, normal(inner ?? null, number)]));
}
