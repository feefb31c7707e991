import { makeFunctionReference } from "convex/server";
import { beforeEach, describe, expect, test } from "vitest";
import type { DiskFault, DiskOperation } from "../src/in-process.ts";
import { seeded } from "./seeded.ts";
import { SimulatedHome } from "./simulated-home.ts";

const append = makeFunctionReference<"mutation", { text: string }, number>("ledger:append");
const texts = makeFunctionReference<"query", Record<string, never>, string[]>("ledger:texts");
const withText = makeFunctionReference<"query", { text: string }, number>("ledger:withText");
const persist = makeFunctionReference<"action", { text: string }>("ledger:persist");

let home: SimulatedHome;

beforeEach(async () => {
  home = await SimulatedHome.open(1);
  await home.time.advance(1_000);
});

/** The next operation of this kind goes wrong. */
function once(fault: DiskFault, at: DiskOperation): void {
  home.disk.faults = (operation) => {
    if (operation !== at) return null;
    home.disk.faults = null;
    return fault;
  };
}

const outcomeOf = async (work: Promise<unknown>) => {
  const [outcome] = await home.time.until(Promise.allSettled([work]));
  return outcome;
};

/** What is there besides the work of the crons. */
const appended = () => home.texts.filter((text) => text !== "tide" && text !== "hour");

describe("a crash", () => {
  test("between the commit and its answer leaves the client's repetition with the first answer", async () => {
    const line = home.connect();
    once("crashAfter", "commit");
    line.mutate(0, "ledger:append", { text: "harbor" });
    await home.time.advance(1_000);
    expect(line.isOpen).toBe(false);
    expect(line.answerTo(0)).toBeUndefined();
    expect(home.commits.filter((commit) => commit.includes(" entries "))).toHaveLength(1);
    await home.restart();
    const again = home.connect(line.sessionId);
    again.watch(["ledger:texts", {}]);
    again.mutate(0, "ledger:append", { text: "harbor" });
    await home.time.advance(1_000);
    expect(appended()).toEqual(["harbor"]);
    expect(again.answerTo(0)).toMatchObject({ success: true, result: 2 });
  });

  test("before the commit keeps nothing, and the client's repetition is the first run", async () => {
    const line = home.connect();
    once("crashBefore", "commit");
    line.mutate(0, "ledger:append", { text: "harbor" });
    await home.time.advance(1_000);
    await home.restart();
    expect(appended()).toEqual([]);
    const again = home.connect(line.sessionId);
    again.mutate(0, "ledger:append", { text: "harbor" });
    await home.time.advance(1_000);
    expect(again.answerTo(0)).toMatchObject({ success: true });
    expect(appended()).toEqual(["harbor"]);
  });

  test("breaks off every request, and refuses later ones", async () => {
    const client = home.client();
    const running = Promise.allSettled([client.action(persist, { text: "never" })]);
    await home.time.advance(100);
    home.deployment.crash();
    const brokenOff = { reason: new TypeError("fetch failed") };
    expect(await home.time.until(running)).toMatchObject([brokenOff]);
    expect(await outcomeOf(client.query(texts, {}))).toMatchObject(brokenOff);
  });

  test("leaves nothing behind that would happen later", async () => {
    const line = home.connect();
    line.watch(["ledger:texts", {}]);
    for (const text of ["1", "2", "3"]) line.mutate(Number(text), "ledger:append", { text });
    void Promise.allSettled([home.client().action(persist, { text: "still here" })]);
    await home.time.advance(1_500);
    home.deployment.crash();
    // What was put off to the end of the turn is called once more, to no effect.
    await home.time.advance(3);
    expect(home.time.pending).toBe(0);
    const { transcript } = line;
    const before = [...transcript];
    await home.time.advance(3_600_000);
    expect(transcript).toEqual(before);
  });

  test("ends an action wherever it stands", async () => {
    void Promise.allSettled([home.client().action(persist, { text: "still here" })]);
    await home.time.advance(150_000);
    expect(appended()).toEqual(["still here", "still here"]);
    home.deployment.crash();
    await home.restart();
    await home.time.advance(3_600_000);
    expect(appended().filter((text) => text === "still here")).toHaveLength(2);
  });

  test("in the middle of what an action asks is no error of that action", async () => {
    void Promise.allSettled([home.client().action(persist, { text: "never" })]);
    await home.time.advance(59_999);
    once("crashBefore", "read");
    await home.time.advance(1_000);
    expect(home.isUp).toBe(false);
    await home.restart();
    expect(appended()).toEqual([]);
  });

  test("leaves what it had promised to answer open for ever", async () => {
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    const call = { path: "ledger:append", args: { text: "harbor" } };
    once("crashBefore", "commit");
    home.deployment.engine
      .mutation({ ...call, identity: { kind: "none" }, caller: "client" })
      .then(settled, settled);
    await home.time.advance(1_000);
    expect(home.isUp).toBe(false);
    expect(isSettled).toBe(false);
  });

  test("of a job's action is not followed by another run of it", async () => {
    await untilJobRuns();
    home.deployment.crash();
    await home.restart();
    await home.time.advance(60_000);
    expect(statesOfJobs()).toContain("failed");
    expect(statesOfJobs()).not.toContain("inProgress");
    expect(home.texts.some((text) => text.startsWith("about"))).toBe(false);
  });
});

const statesOfJobs = () =>
  home.deployment
    .documents("_scheduled_functions")
    .map((job) => (JSON.parse(job) as { state: { kind: string } }).state.kind);

/** An action that was scheduled has begun and not ended. */
async function untilJobRuns(): Promise<void> {
  for (const text of ["1", "2", "3", "4"])
    await outcomeOf(home.client().mutation(append, { text }));
  await home.time.advance(4_999);
  while (!statesOfJobs().includes("inProgress")) await home.time.advance(1);
}

describe("a disk", () => {
  test.each(["fails", "full"] as const)(
    "whose sync %s refuses the mutation, keeps nothing of it, and goes on",
    async (fault) => {
      const line = home.connect();
      once(fault, "commit");
      const outcome = await outcomeOf(home.client().mutation(append, { text: "lost" }));
      expect(outcome).toMatchObject({
        status: "rejected",
        reason: { message: expect.stringContaining("could not be answered") as string },
      });
      expect(appended()).toEqual([]);
      once(fault, "commit");
      line.mutate(0, "ledger:append", { text: "lost too" });
      await home.time.advance(1_000);
      expect(line.isOpen).toBe(false);
      expect(line.answerTo(0)).toBeUndefined();
      expect(home.log.length).toBeGreaterThan(1);
      await outcomeOf(home.client().mutation(append, { text: "kept" }));
      expect(appended()).toEqual(["kept"]);
    },
  );

  test("that cannot be read fails the query, and not the next one", async () => {
    once("fails", "read");
    expect((await outcomeOf(home.client().query(texts, {})))?.status).toBe("rejected");
    expect((await outcomeOf(home.client().query(texts, {})))?.status).toBe("fulfilled");
  });

  test("that cannot store what a job's action came to stores it later", async () => {
    await untilJobRuns();
    let commits = 0;
    home.disk.faults = (operation) => {
      if (operation === "commit") commits += 1;
      return operation === "commit" && commits === 2 ? "fails" : null;
    };
    await home.time.advance(100);
    expect(commits).toBe(2);
    expect(statesOfJobs()).toContain("inProgress");
    await home.time.advance(1_000);
    expect(statesOfJobs()).not.toContain("inProgress");
    expect(home.texts.filter((text) => text.startsWith("about"))).toHaveLength(1);
  });

  test("that cannot be read after a failed sync loses no index to it", async () => {
    await outcomeOf(home.client().mutation(append, { text: "before" }));
    const faults: [DiskOperation, DiskFault][] = [
      ["commit", "fails"],
      ["read", "fails"],
    ];
    home.disk.faults = (operation) =>
      operation === faults[0]?.[0] ? (faults.shift()?.[1] ?? null) : null;
    expect((await outcomeOf(home.client().mutation(append, { text: "lost" })))?.status).toBe(
      "rejected",
    );
    expect(faults).toEqual([]);
    await outcomeOf(home.client().mutation(append, { text: "after" }));
    const shown = await home.time.until(home.client().query(withText, { text: "after" }));
    expect(shown).toBe(1);
    expect(appended()).toEqual(["before", "after"]);
  });

  test("that is full keeps no file and says so", async () => {
    const upload = async () => {
      const url = await home
        .client()
        .mutation(makeFunctionReference<"mutation">("ledger:uploadUrl"), {});
      return await home.deployment.fetch(
        new Request(url as string, { method: "POST", body: "tide" }),
      );
    };
    once("full", "writeFile");
    expect(await outcomeOf(upload())).toMatchObject({ value: { status: 500 } });
    expect(home.deployment.documents("_storage")).toEqual([]);
    expect(await outcomeOf(upload())).toMatchObject({ value: { status: 200 } });
    home.deployment.crash();
    await home.restart();
    expect(home.deployment.documents("_storage")).toHaveLength(1);
  });

  test("that ends the process while it opens lets the next one open", async () => {
    home.deployment.crash();
    for (const fault of ["crashBefore", "crashAfter"] as const) {
      once(fault, "commit");
      await expect(home.restart()).rejects.toThrow("The deployment crashed while it opened.");
    }
    once("fails", "commit");
    await expect(home.restart()).rejects.toThrow("disk I/O error");
    await home.restart();
    expect((await outcomeOf(home.client().query(texts, {})))?.status).toBe("fulfilled");
  });

  test("is used by one process at a time", async () => {
    await expect(home.restart()).rejects.toThrow("in use");
  });
});

test("200 crashes at any moment keep every acknowledged write, once and in order", async () => {
  const random = seeded(5);
  const acknowledged: string[] = [];
  let sent = 0;
  for (let life = 0; life < 200; life += 1) {
    const dying = { after: 1 + Math.floor(random() * 60) };
    home.disk.faults = () => {
      dying.after -= 1;
      if (dying.after > 0) return null;
      return random() < 0.5 ? "crashBefore" : "crashAfter";
    };
    const client = home.client();
    while (dying.after > 0) {
      const text = String((sent += 1));
      const outcome = await outcomeOf(client.mutation(append, { text }));
      if (outcome?.status === "fulfilled") acknowledged.push(text);
    }
    home.disk.faults = null;
    await home.restart();
  }
  const kept = appended().filter((text) => /^\d+$/.test(text));
  expect(acknowledged.length).toBeGreaterThan(50);
  expect(kept.filter((text) => acknowledged.includes(text))).toEqual(acknowledged);
  expect(new Set(kept).size).toBe(kept.length);
});
