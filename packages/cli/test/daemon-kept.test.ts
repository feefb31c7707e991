import { writeFileSync } from "node:fs";
import { realpath } from "node:fs/promises";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { api } from "../src/backend/api.ts";
import { systemClock } from "../src/daemon/clock.ts";
import { daemonStatus, stopDaemon } from "../src/daemon/index.ts";
import { World } from "../src/daemon/world.fixture.ts";
import { createRepository } from "../src/demo/repository.ts";
import { keepDaemon } from "../src/up/keep-daemon.ts";
import { readCurrent } from "../src/backend/address.ts";
import { Muster } from "./muster.ts";

const PATIENTLY = { interval: 20, timeout: 20_000 };

/** Finds the daemon as any program of the same user can. */
const ATTACK = `kill -9 "$(sed 's/.*"pid":\\([0-9]*\\).*/\\1/' "$MUSTER_HOME/daemon/lock.json")"; echo "Killed it."`;

async function daemonOf(muster: Muster, isIt: (pid: number | null) => boolean) {
  return await vi.waitFor(async () => {
    const pid = (await daemonStatus(muster.home))?.pid ?? null;
    if (!isIt(pid)) throw new Error(`the daemon is ${pid}`);
    return pid;
  }, PATIENTLY);
}

test.concurrent("a daemon that is killed is started again by muster up, which ends the new one, too", async () => {
  await using muster = new Muster();
  const up = await muster.upWithDaemon();
  const first = (await daemonStatus(muster.home))?.pid ?? 0;

  process.kill(first, "SIGKILL");
  const second = await daemonOf(muster, (pid) => pid !== null && pid !== first);
  await vi.waitFor(
    async () => expect((await readCurrent(muster.home))?.daemonPid).toBe(second),
    PATIENTLY,
  );
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

test.concurrent("an agent that kills its daemon is adopted by the next one, and its work is not lost", async () => {
  await using muster = new Muster();
  const harness = { attacks: { argv: ["sh", "-c", ATTACK] } };
  const config = path.join(muster.home.root, "harnesses.json");
  writeFileSync(config, JSON.stringify({ harnesses: harness }), { mode: 0o600 });
  await muster.upWithDaemon();
  const first = (await daemonStatus(muster.home))?.pid ?? 0;
  const repository = path.join(await realpath(muster.home.root), "pier");
  await createRepository(repository);
  await muster.call(["room", "create", "harbor", "--team", "builder"]);
  const harbor = ["--room", "harbor"];
  const builder = [...harbor, "--role", "builder", "--harness", "attacks", "--cwd", repository];
  expect(await muster.call(["agent", "add", ...builder])).toMatchObject({ exit: 0 });

  await muster.call(["send", ...harbor, "be nice"]);

  await daemonOf(muster, (pid) => pid !== null && pid !== first);
  await muster.first(
    api.messages.list,
    { room: "harbor" },
    ({ items }) => items.find(({ text }) => text.includes("Killed it.")) ?? null,
  );
  const { data } = await muster.call(["task", "list", ...harbor]);
  expect(data["items"]).toMatchObject([{ status: "completed", attempt: 1 }]);
});
