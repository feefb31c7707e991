import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { api } from "../backend/api.ts";
import { identityOf } from "../process-identity.ts";
import { AgentRecords } from "./records.ts";
import { startDaemon } from "./start.ts";
import { daemonStatus } from "./status.ts";
import { stopDaemon } from "./stop.ts";
import { World } from "./world.fixture.ts";

let world: World;

beforeAll(async () => {
  world = await World.begin();
});

afterEach(async () => await world.retire());

afterAll(async () => await world.end());

const patiently = { interval: 20, timeout: 10_000 };

async function connected(): Promise<boolean> {
  const { items } = await world.person.query(api.machines.list, {});
  return items.some(({ daemonConnected }) => daemonConnected);
}

test("a daemon that is told to end makes its agents leave, and the next one brings back who is wanted", async () => {
  await world.startDaemon();
  const harbor = await world.room({ planner: "demo", builder: "works" });
  await harbor.until("planner", "ready");
  expect(await connected()).toBe(true);

  expect(await stopDaemon(world.home)).toBe(true);
  expect(await daemonStatus(world.home)).toBeNull();
  for (const role of ["planner", "builder"]) {
    expect(await harbor.seat(role)).toMatchObject({ agentStatus: "offline", desired: "running" });
  }
  expect(await connected()).toBe(false);

  await world.startDaemon();
  await harbor.until("planner", "ready");
  await harbor.until("builder", "ready");
  expect((await stat(join(world.home.logs, "daemon.log"))).mode & 0o777).toBe(0o600);
});

test("a second daemon is refused and told who is there, and an agent may not start one", async () => {
  await world.startDaemon();
  const first = await daemonStatus(world.home);
  const { home, up } = world;

  await expect(world.startDaemon()).rejects.toThrow(
    `This machine already has a daemon: process ${first?.pid}.`,
  );
  await expect(startDaemon({ home, env: { MUSTER_ROLE: "builder" }, url: up.url })).rejects.toThrow(
    "An agent does not start the daemon that runs it.",
  );
  expect(await daemonStatus(world.home)).toEqual(first);
});

test("agents outlive a killed daemon; the next one adopts them and sees at once when they die", async () => {
  await world.startDaemon();
  const harbor = await world.room({ builder: "demo" });
  const { now } = await harbor.until("builder", "ready");
  const before = await harbor.history("builder");
  await world.signalDaemon("SIGKILL");
  await vi.waitFor(async () => expect(await connected()).toBe(false), patiently);

  await world.startDaemon();
  expect(await connected()).toBe(true);
  await harbor.order("kill", "builder");
  const { now: dead } = await harbor.until("builder", "dead");
  const { now: next } = await harbor.until("builder", "ready");

  expect(dead.lastExit?.tail).toContain("started by an earlier daemon");
  expect(next.pid).not.toBe(now.pid);
  expect(await harbor.history("builder")).toEqual([
    ...before,
    "process_exited",
    "restart_initiated",
    "join",
  ]);
});

test("an agent that died while there was no daemon is reported by the next one and started again", async () => {
  await world.startDaemon();
  const harbor = await world.room({ builder: "demo" });
  const { now } = await harbor.until("builder", "ready");
  await world.signalDaemon("SIGKILL");
  process.kill(now.pid ?? 0, "SIGKILL");

  await world.startDaemon();
  await vi.waitFor(
    async () =>
      expect(await harbor.seat("builder")).toMatchObject({ agentStatus: "ready", epoch: 2 }),
    patiently,
  );

  const records = (await AgentRecords.open(world.home)).all();
  expect(records).toMatchObject([{ role: "builder", epoch: 2 }]);
  expect(await readFile(join(world.home.daemon, "agents.json"), "utf8")).not.toContain("secret");
});

test("how an agent ended while nobody could be told is told by the next daemon", async () => {
  await world.startDaemon();
  const harbor = await world.room({ builder: "demo" });
  const { now } = await harbor.until("builder", "ready");

  await world.restartBackend(async () => {
    process.kill(now.pid ?? 0, "SIGKILL");
    await vi.waitFor(async () => {
      const [record] = (await AgentRecords.open(world.home)).all();
      expect(record?.exit?.signal).toBe("SIGKILL");
    }, patiently);
    await world.signalDaemon("SIGKILL");
  });
  await world.startDaemon();

  // The lease may have told of the death first: then the report is heard, and changes nothing.
  const told = await vi.waitFor(async () => {
    const asked = { room: harbor.name, role: "builder" };
    const { items } = await world.person.query(api.participants.events, asked);
    const reports = items.filter(({ event, epoch }) => {
      return event === "process_exited" && epoch === now.epoch;
    });
    expect(reports).not.toEqual([]);
    return reports;
  }, patiently);
  expect(told).toHaveLength(1);
  const log = await readFile(join(world.home.logs, "daemon.log"), "utf8");
  const exits = log.split("\n").filter((line) => line.includes(`"pid":${now.pid}`));
  expect(exits.at(-1)).toContain("SIGKILL");
});

test("a daemon that is stopped while its backend is away ends its agents, and the next one begins anew", async () => {
  await world.startDaemon();
  const harbor = await world.room({ builder: "demo" });
  const { now } = await harbor.until("builder", "ready");

  await world.restartBackend(async () => {
    await stopDaemon(world.home);
    expect(await identityOf(now.pid ?? 0)).toBeNull();
    expect(await daemonStatus(world.home)).toBeNull();
  });
  await world.startDaemon();

  // Until the next start, or the end of the lease, the room shows what it heard last.
  await vi.waitFor(async () => {
    const seat = await harbor.seat("builder");
    expect(seat.agentStatus).toBe("ready");
    expect(seat.pid).not.toBe(now.pid);
  }, patiently);
  expect(await harbor.history("builder")).not.toContain("restart_exhausted");
});

test("an agent that people took out of its room while its daemon was down is ended by the next one", async () => {
  await world.startDaemon();
  const harbor = await world.room({ builder: "demo" });
  const { now } = await harbor.until("builder", "ready");

  await world.signalDaemon("SIGKILL");
  await world.person.mutate(api.agents.remove, { room: harbor.name, role: "builder" });
  await world.startDaemon();

  await vi.waitFor(async () => expect(await identityOf(now.pid ?? 0)).toBeNull(), patiently);
  expect(await harbor.seat("builder")).toMatchObject({ agentStatus: "offline", type: null });
});

test("an answer that its room cannot hear is kept until it can, and its work is not done again", async () => {
  await world.startDaemon();
  const harbor = await world.room({ builder: "patient" });
  await harbor.until("builder", "ready");
  await harbor.send("Mend the net");
  const begun = join(harbor.workingDir, "begun");
  await vi.waitFor(async () => await readFile(begun), patiently);

  await world.restartBackend(async () => {
    await writeFile(join(harbor.workingDir, "go"), "");
    await vi.waitFor(async () => await readFile(join(harbor.workingDir, "done")), patiently);
  });

  const { text } = await harbor.message(({ target }) => target === "user");
  expect(text).toBe("The net is mended.");
  expect(await readFile(begun, "utf8")).toBe("begun\n");
});

test("a daemon that is suspended past every lease finds its machine and its agents as they were", async () => {
  await world.startDaemon();
  const harbor = await world.room({ builder: "demo" });
  const { now } = await harbor.until("builder", "ready");
  const before = await harbor.history("builder");

  await world.signalDaemon("SIGSTOP");
  await vi.waitFor(async () => expect(await connected()).toBe(false), patiently);
  await world.signalDaemon("SIGCONT");
  await vi.waitFor(async () => expect(await connected()).toBe(true), patiently);

  expect(await harbor.seat("builder")).toMatchObject({ agentStatus: "ready", pid: now.pid });
  expect(await harbor.history("builder")).toEqual(before);
});

test("a whole machine that sleeps past every lease wakes with the same agents, and does what was asked meanwhile", async () => {
  await world.startDaemon();
  const harbor = await world.room({ builder: "answers" });
  const { now } = await harbor.until("builder", "ready");
  const agent = now.pid ?? 0;

  await world.signalDaemon("SIGSTOP");
  process.kill(-agent, "SIGSTOP");
  await harbor.until("builder", "dead");
  await vi.waitFor(async () => expect(await connected()).toBe(false), patiently);
  await harbor.send("Mend the net");
  await world.signalDaemon("SIGCONT");
  process.kill(-agent, "SIGCONT");
  await harbor.message(({ target }) => target === "user");

  await vi.waitFor(async () => expect(await connected()).toBe(true), patiently);
  expect(await harbor.seat("builder")).toMatchObject({ pid: agent, epoch: now.epoch });
  expect(await harbor.history("builder")).not.toContain("process_exited");
  expect(
    (await harbor.history("builder")).filter((event) => event === "restart_initiated"),
  ).toEqual(["restart_initiated"]);
});

test("agents and their daemon live through a restart of the backend and go on working", async () => {
  await world.startDaemon();
  const harbor = await world.room({ builder: "answers" });
  const { now } = await harbor.until("builder", "ready");

  await world.restartBackend();
  await harbor.send("Mend the net");
  await harbor.message(({ target }) => target === "user");

  expect((await harbor.seat("builder")).pid).toBe(now.pid);
  await vi.waitFor(async () => expect(await connected()).toBe(true), patiently);
});
