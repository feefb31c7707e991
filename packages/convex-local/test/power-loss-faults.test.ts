import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Engine } from "../src/engine/engine.ts";
import type { StoreDriver } from "../src/storage/driver.ts";
import { openSqlite } from "../src/storage/sqlite.ts";
import { call, mutate, open, query, temporaryDirectory } from "./engine.ts";
import { ask } from "./raw-http.ts";
import { serve } from "./serve.ts";
import { SyncSocket } from "./sync-socket.ts";

const { messages } = anyApi;

/** A fault of the disk that comes and goes. */
interface Fault {
  begin(driver: StoreDriver): void;
  end(driver: StoreDriver): void;
}

/** The disk has no room beyond what the database has already. */
const full: Fault = {
  begin: (driver) => driver.exec("PRAGMA max_page_count = 1"),
  end: (driver) => driver.exec("PRAGMA max_page_count = 1000000"),
};
const readOnly: Fault = {
  begin: (driver) => driver.exec("PRAGMA query_only = ON"),
  end: (driver) => driver.exec("PRAGMA query_only = OFF"),
};

/** An engine in a directory, on a driver whose commits can be made to fail. */
async function harbor(data: string) {
  const commit = { fails: false };
  let driver: StoreDriver | undefined;
  const openDriver = (path: string): StoreDriver => {
    const real = openSqlite(path);
    driver = {
      ...real,
      commit: () => {
        if (commit.fails) throw new Error("disk I/O error");
        real.commit();
      },
    };
    return driver;
  };
  const engine = await open({ data, openDriver });
  if (driver === undefined) throw new Error("No driver was opened.");
  return { engine, commit, driver };
}

const things = (engine: Engine) => query(engine, "things:ordered");
const LARGE = "x".repeat(200_000);

/** Sends a batch of mutations, as large as a fault needs, and answers how they failed. */
async function failures(engine: Engine): Promise<string[]> {
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map((requestId) =>
      engine.mutation(call("things:put", { value: LARGE }), { sessionId: "tab", requestId }),
    ),
  );
  return outcomes.map((outcome) =>
    outcome.status === "rejected" ? (outcome.reason as Error).message : "acknowledged",
  );
}

const REFUSED = "The store could not commit; nothing of this was kept.";

test.each([
  ["has no room left", full, "database or disk is full"],
  ["takes no writes", readOnly, REFUSED],
])(
  "while the disk %s nothing is acknowledged and reading goes on; then all goes on",
  async (_, fault, said) => {
    const data = temporaryDirectory();
    const { engine, driver } = await harbor(data);
    await mutate(engine, "things:put", { value: "before" });
    fault.begin(driver);
    expect(await failures(engine)).toEqual([said, said, said]);
    expect(await failures(engine)).toEqual([said, said, said]);
    expect(things(engine)).toEqual(["before"]);
    fault.end(driver);
    expect(await failures(engine)).toEqual(["acknowledged", "acknowledged", "acknowledged"]);
    expect(await failures(engine)).toEqual(["acknowledged", "acknowledged", "acknowledged"]);
    await engine.close();
    const again = await open({ data });
    expect(things(again)).toEqual(["before", LARGE, LARGE, LARGE]);
  },
);

test("commits that fail keep nothing, neither then nor after a new start", async () => {
  const data = temporaryDirectory();
  const { engine, commit } = await harbor(data);
  await mutate(engine, "things:put", { value: "before" });
  const commits: unknown[] = [];
  engine.onCommit((one) => commits.push(one));
  commit.fails = true;
  expect(await failures(engine)).toEqual([REFUSED, REFUSED, REFUSED]);
  expect(commits).toEqual([]);
  expect(things(engine)).toEqual(["before"]);
  commit.fails = false;
  await mutate(engine, "things:put", { value: "after" });
  await engine.close();
  expect(things(await open({ data }))).toEqual(["after", "before"]);
});

test("while another program locks the database clients are told to come back, and what they sent runs once", async () => {
  const data = temporaryDirectory();
  const lines: string[] = [];
  const deployment = await serve({ data, onLog: (line) => lines.push(line) });
  const client = new ConvexClient(deployment.url, { logger: false });
  onTestFinished(async () => await client.close());
  const say = async (text: string) =>
    await client.mutation(messages!["send"]!, { room: "harbor", text });
  await say("before");

  const other = new DatabaseSync(join(data, "data.sqlite"));
  onTestFinished(() => other.close());
  other.exec("BEGIN IMMEDIATE");
  const later = say("during");
  const socket = await SyncSocket.open(deployment.url);
  socket.mutate(0, "messages:send", { room: "harbor", text: "by a socket that gives up" });
  expect(await socket.closed).toEqual({ code: 1011, reason: "InternalServerError" });
  const answer = await ask(deployment.url, {
    method: "POST",
    path: "/api/mutation",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ path: "messages:send", args: { room: "harbor", text: "by HTTP" } }),
  });
  expect(answer).toMatchObject({
    status: 500,
    body: expect.stringContaining("InternalServerError") as string,
  });
  expect(lines.join("\n")).toContain("The store could not commit; nothing of this was kept.");
  const texts = async () =>
    (await new ConvexHttpClient(deployment.url).query(messages!["texts"]!, {
      room: "harbor",
    })) as string[];
  expect(await texts()).toEqual(["before"]);

  other.exec("ROLLBACK");
  await later;
  await vi.waitFor(async () => expect(await texts()).toEqual(["before", "during"]));
});
