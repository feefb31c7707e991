import { expect, test, vi } from "vitest";
import { mutate, open, standingClock } from "../../test/engine.ts";
import { Functions } from "../wire/functions.ts";
import { SystemQueries } from "../wire/system-queries.ts";
import { type QueryRequest, SharedQueries } from "./shared-queries.ts";

const URLS = { cloudUrl: "http://127.0.0.1:1", siteUrl: "http://127.0.0.1:2" };
const request = (name: string): QueryRequest => ({
  path: "rooms:find",
  args: { name },
  journal: null,
  identity: { kind: "admin" },
});

async function sharing() {
  const engine = await open();
  const functions = new Functions(engine, new SystemQueries(engine, URLS), { redact: false });
  const queries = new SharedQueries(functions, standingClock());
  engine.onCommit((commit) => queries.invalidate(commit));
  return { engine, queries };
}

test("queries that are wanted together run together, and each of them once", async () => {
  const { engine, queries } = await sharing();
  const together = vi.spyOn(engine, "prepare");
  const alone = vi.spyOn(engine, "query");
  const wanted = ["harbor", "quay", "harbor"].map(request);
  queries.prepared(wanted, () => {
    for (const one of wanted) queries.subscribe(one, () => {});
  });
  expect(together.mock.calls.map(([calls]) => calls.length)).toEqual([2]);
  expect(alone).not.toHaveBeenCalled();
});

test("an answer that was prepared for nobody is not kept, and the others are told of changes", async () => {
  const { engine, queries } = await sharing();
  const stale = vi.fn<() => void>();
  queries.prepared(["harbor", "quay"].map(request), () => {
    queries.subscribe(request("harbor"), stale);
  });
  const alone = vi.spyOn(engine, "query");
  queries.subscribe(request("quay"), () => {});
  expect(alone).toHaveBeenCalledTimes(1);
  await mutate(engine, "rooms:create", { name: "harbor" });
  expect(stale).toHaveBeenCalledTimes(1);
});
