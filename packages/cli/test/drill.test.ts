import { expect, test } from "vitest";
import { Muster } from "./muster.ts";

interface Item {
  readonly incident: string;
  readonly seenMs: number | null;
  readonly backMs: number | null;
  readonly taskKept: boolean;
  readonly promised: { readonly seenMs: number; readonly backMs: number };
}

test("a drill kills agent, daemon and backend, measures their return, loses no task and clears up", async () => {
  await using muster = new Muster();
  const up = await muster.upWithDaemon({ MUSTER_DEMO_PACE_MS: "100" });
  // On a busy machine a promise of milliseconds may be missed: then it ends with 1, and says the same.
  const { stdout, stderr } = await muster.run(["drill", "--yes"]);
  const { data } = JSON.parse(stdout) as { data: { items: readonly Item[] } };
  const { items } = data;
  const seats = await muster.run(["room", "show", "drill"]);
  const open = await muster.run(["room", "list"]);
  const down = await muster.run(["down"]);

  expect(await up.ended()).toBeNull();
  expect(stderr + stdout).toContain("this machine's daemon; the 0 other agents here");
  expect(items.map(({ incident }) => incident)).toEqual(["agent", "daemon", "backend"]);
  for (const { taskKept, backMs } of items) {
    expect(taskKept).toBe(true);
    expect(backMs).toBeGreaterThan(0);
  }
  expect(items[0]?.promised).toEqual({ seenMs: 250, backMs: 3_200 });
  expect(seats.data["seats"]).toMatchObject([{ role: "builder", type: null }]);
  expect(seats.data["archivedAt"]).not.toBeNull();
  expect(open.data["items"]).toEqual([]);
  expect(down).toMatchObject({ exit: 0, data: { stopped: true } });
}, 120_000);

test("without a daemon, or in an agent's shell, there is no drill", async () => {
  await using muster = new Muster();
  await muster.up();

  const nothing = await muster.call(["drill"]);
  const agent = await muster.call(["drill"], { env: { MUSTER_ROLE: "builder" } });

  expect(nothing).toMatchObject({ exit: 6, error: { kind: "conflict" } });
  expect(agent).toMatchObject({ exit: 5, error: { kind: "not_allowed" } });
});
