import { describe, expect, test } from "vitest";
import {
  call,
  mutate,
  NOON,
  open,
  query,
  standingClock,
  temporaryDirectory,
} from "../../test/engine.ts";
import { openSqlite } from "../storage/sqlite.ts";
import type { Engine } from "./engine.ts";

type Job = {
  _id: string;
  name: string;
  state: { kind: string; error?: string };
  completedTime?: number;
};
const jobs = (engine: Engine) => query(engine, "outside:jobs") as Job[];
const scheduled = async (engine: Engine, args: { path: string; delay: number }) =>
  (await mutate(engine, "outside:later", args)) as string;
const states = (engine: Engine) => jobs(engine).map(({ state }) => state.kind);

describe("a scheduled function", () => {
  test("exists from the commit of its mutation on, and is due at its time", async () => {
    const engine = await open();
    let woken = 0;
    engine.system.onJobs(() => (woken += 1));
    await engine.mutation(call("outside:later", { path: "mutation", delay: 1000, fails: true }));
    expect([jobs(engine), woken, engine.system.nextJobTime()]).toEqual([[], 0, null]);

    const id = await mutate(engine, "outside:later", { path: "mutation", delay: 1000 });
    expect([woken, engine.system.nextJobTime()]).toEqual([1, NOON + 1000]);
    expect(engine.system.dueJobs(NOON + 999, 8)).toEqual([]);
    expect(engine.system.dueJobs(NOON + 1000, 8)).toMatchObject([
      { id, path: "rooms:createOrFail" },
    ]);
  });

  test("that is a mutation runs once, its end in the same commit as its effects", async () => {
    const engine = await open();
    const id = await scheduled(engine, { path: "mutation", delay: 0 });
    const commits: string[][] = [];
    engine.onCommit(({ writes }) => commits.push(writes.map(({ index }) => index)));
    const [first, second] = await Promise.all([engine.system.runJob(id), engine.system.runJob(id)]);
    expect([first?.success, second, await engine.system.runJob(id)]).toEqual([
      true,
      undefined,
      undefined,
    ]);
    expect(commits).toHaveLength(1);
    expect(commits[0]).toEqual(
      expect.arrayContaining(["rooms.by_id", "_scheduled_functions.by_id"]),
    );
    expect([states(engine), query(engine, "rooms:names")]).toEqual([["success"], ["scheduled"]]);
  });

  test("that fails is failed with its reason and has no effects", async () => {
    const engine = await open();
    const id = await scheduled(engine, { path: "failing", delay: 0 });
    await engine.system.runJob(id);
    expect(jobs(engine)).toMatchObject([
      {
        state: { kind: "failed", error: expect.stringContaining("ConvexError") as string },
        completedTime: NOON,
      },
    ]);
    expect(query(engine, "rooms:names")).toEqual([]);
  });

  test("that is an action is in progress while it runs", async () => {
    const engine = await open();
    const id = await scheduled(engine, { path: "action", delay: 0 });
    const seen = new Set<string>();
    engine.onCommit(() => seen.add(String(states(engine))));
    await engine.system.runJob(id);
    expect([...seen]).toEqual(["inProgress", "success"]);
    expect(query(engine, "rooms:names")).toEqual(["by action"]);
  });

  test("that is an action and was interrupted by a crash is failed, not run again", async () => {
    const data = temporaryDirectory();
    const crash = new Error("power cut");
    let commits = Infinity;
    const openDriver = (path: string) => {
      const real = openSqlite(path);
      return {
        ...real,
        commit: () => {
          if (commits === 0) throw crash;
          commits -= 1;
          real.commit();
        },
      };
    };
    const engine = await open({ data, openDriver });
    const id = await scheduled(engine, { path: "action", delay: 0 });
    commits = 1;
    await expect(engine.system.runJob(id)).rejects.toThrow(/could not commit/);
    commits = Infinity;
    await engine.close();

    const again = await open({ data });
    expect(states(again)).toEqual(["failed"]);
    expect(query(again, "rooms:names")).toEqual([]);
  });

  test("that is cancelled never runs", async () => {
    const engine = await open();
    const id = await scheduled(engine, { path: "mutation", delay: 0 });
    await mutate(engine, "outside:cancel", { id });
    expect([await engine.system.runJob(id), states(engine), engine.system.nextJobTime()]).toEqual([
      undefined,
      ["canceled"],
      null,
    ]);
  });

  test("is forgotten seven days after its end, and an answer after fourteen", async () => {
    const clock = standingClock();
    const engine = await open({ clock });
    const day = 24 * 60 * 60 * 1000;
    const request = { sessionId: "tab", requestId: 1 };
    const create = () => engine.mutation(call("rooms:create", { name: "harbor" }), request);
    await create();
    await engine.system.runJob(await scheduled(engine, { path: "mutation", delay: 0 }));
    await engine.system.prune(NOON + 7 * day - 1);
    expect(jobs(engine)).toHaveLength(1);
    await engine.system.prune(NOON + 7 * day + 1);
    expect(jobs(engine)).toEqual([]);
    await create();
    expect(query(engine, "rooms:names")).toEqual(["harbor", "scheduled"]);
    await engine.system.prune(NOON + 14 * day + 1);
    await create();
    expect(query(engine, "rooms:names")).toEqual(["harbor", "scheduled", "harbor"]);
  });
});

describe("a cron", () => {
  test("moves on in the same commit as its effects, also when it fails", async () => {
    const engine = await open();
    const [cron] = engine.crons();
    if (cron === undefined) throw new Error("The fixture has no cron.");
    const next = { spec: "every 5 minutes", nextRun: NOON + 300_000 };
    expect(await engine.system.runCron(cron, next)).toMatchObject({ success: true });
    expect(query(engine, "rooms:names")).toEqual(["swept"]);
    const failing = { ...cron, args: { name: "x", fails: true } };
    const later = { ...next, nextRun: next.nextRun + 1 };
    expect(await engine.system.runCron(failing, later)).toMatchObject({ success: false });
    expect([...engine.system.cronStates()]).toEqual([["sweep", later]]);
    await engine.system.saveCronStates(new Map([["sweep", null]]));
    expect(engine.system.cronStates().size).toBe(0);
  });
});
