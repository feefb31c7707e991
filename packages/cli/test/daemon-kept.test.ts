import { expect, test } from "vitest";
import { systemClock } from "../src/daemon/clock.ts";
import { daemonStatus, stopDaemon } from "../src/daemon/index.ts";
import { World } from "../src/daemon/world.fixture.ts";
import { keepDaemon } from "../src/up/keep-daemon.ts";
import { readCurrent } from "../src/backend/address.ts";
import { Muster } from "./muster.ts";

async function daemonOf(muster: Muster, isIt: (pid: number | null) => boolean) {
  for (;;) {
    const pid = (await daemonStatus(muster.home))?.pid ?? null;
    if (isIt(pid)) return pid;
  }
}

test.concurrent("a daemon that is killed is started again by muster up, which ends the new one, too", async () => {
  await using muster = new Muster();
  const up = await muster.upWithDaemon();
  const first = (await daemonStatus(muster.home))?.pid ?? 0;

  process.kill(first, "SIGKILL");
  const second = await daemonOf(muster, (pid) => pid !== null && pid !== first);
  while ((await readCurrent(muster.home))?.daemonPid !== second);
  await muster.run(["down"]);

  expect(await up.ended()).toBe(0);
  expect(await daemonStatus(muster.home)).toBeNull();
});

test.concurrent("a daemon that people stop stays stopped", async () => {
  const world = await World.begin();
  await world.startDaemon();
  const pid = (await daemonStatus(world.home))?.pid ?? 0;
  const { signal } = new AbortController();
  const how = { home: world.home, env: {}, url: world.up.url, pid, signal, clock: systemClock };
  const started: number[] = [];
  const onNew = (next: number) => Promise.resolve(void started.push(next));
  const kept = keepDaemon({ ...how, onNew, log: () => undefined });

  await stopDaemon(world.home);

  await kept;
  expect(started).toEqual([]);
  await world.end();
});
