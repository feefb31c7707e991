import { expect, test, vi } from "vitest";
import type { AgentExit } from "./agent-process.ts";
import { mini, settle, timing, type Beginning } from "./mini.fixture.ts";

const crash: AgentExit = { code: 1, signal: null, tail: "out of ideas" };

const stopped = async () => await mini({ desired: "stopped" });
const starting = async () => await mini();

async function ready() {
  const builder = await starting();
  await builder.join();
  builder.news();
  return builder;
}

async function crashing(times: number) {
  const builder = await starting();
  for (let start = 1; start < times; start += 1) {
    await builder.exit(crash);
    await builder.clock.pass(timing.BACKOFF_MAX_MS);
  }
  await builder.exit(crash);
  builder.news();
  return builder;
}

test("an agent that is wanted is started once, however often that is said", async () => {
  const builder = await starting();

  for (let times = 0; times < 5; times += 1) builder.want({});
  void builder.supervisor.start("message");
  void builder.supervisor.start("message");
  await builder.clock.pass(1_000);

  expect(builder.news()).toEqual(["launch"]);
});

test("an agent that is stopped is not started by a start command that comes late", async () => {
  const builder = await stopped();

  const outcome = builder.supervisor.start("message");
  await builder.clock.pass(60_000);

  expect(builder.news()).toEqual([]);
  expect(await outcome).toEqual({ ok: false, reason: "it is stopped" });
});

test("a start command is done at the join, not at the spawn", async () => {
  const builder = await starting();
  const settled = vi.fn<(outcome: unknown) => void>();
  void builder.supervisor.start("message").then(settled);
  await settle();
  expect(settled).not.toHaveBeenCalled();

  await builder.join();

  expect(settled).toHaveBeenCalledWith({ ok: true });
});

test("a start command fails with the last words of a process that ended before its join", async () => {
  const builder = await starting();
  const outcome = builder.supervisor.start("message");

  await builder.exit(crash);

  expect(await outcome).toEqual({ ok: false, reason: "it ended with 1: out of ideas" });
});

test("a crash is reported at once and the restart waits, so that dead can be seen", async () => {
  const builder = await ready();

  await builder.exit({ code: null, signal: "SIGKILL", tail: "" });
  expect(builder.news()).toEqual(["bury 1: SIGKILL"]);
  await builder.clock.pass(499);
  expect(builder.news()).toEqual([]);
  await builder.clock.pass(1);

  expect(builder.news()).toEqual(["launch"]);
});

test("a person's kill is a crash like any other", async () => {
  const builder = await ready();

  expect(builder.supervisor.kill()).toBe(true);
  await settle();
  await builder.clock.pass(60_000);

  expect(builder.news()).toEqual(["bury 1: SIGKILL", "launch"]);
});

test("an agent stopped while it works is ended, leaves, and is not brought back by its own exit", async () => {
  const builder = await ready();
  builder.say({ kind: "task_started" });

  builder.want({ desired: "stopped" });
  await builder.supervisor.stop();
  await builder.clock.pass(3_600_000);

  expect(builder.news()).toEqual(["end", "leave 1: stopped"]);
});

test("a dead agent that people stop leaves, so that the room shows it as offline", async () => {
  const builder = await crashing(1);

  builder.want({ desired: "stopped" });
  await builder.clock.pass(3_600_000);

  expect(builder.news()).toEqual(["leave 1: stopped"]);
});

test("an agent that does not join in time is ended and says why", async () => {
  const builder = await starting();
  builder.news();

  await builder.clock.pass(timing.STARTUP_DEADLINE_MS);

  expect(builder.news()).toEqual(["end", "bury 1: 0 it did not join within 60 s"]);
});

test("one that never joins is told of with its program's own last words", async () => {
  const builder = await starting();
  builder.news();
  builder.words = "opening …\nnot signed in: run opencode auth login";
  const outcome = builder.supervisor.start("message");

  await builder.clock.pass(timing.STARTUP_DEADLINE_MS);

  expect(builder.news().at(-1)).toContain("not signed in: run opencode auth login");
  expect(await outcome).toEqual({
    ok: false,
    reason: "it did not join within 60 s: not signed in: run opencode auth login",
  });
});

test("a restart ends a process that stays wanted, whatever the room shows meanwhile, and starts it once", async () => {
  const builder = await ready();

  const stop = builder.supervisor.stop();
  builder.want({ agentStatus: "live" });
  await stop;
  void builder.supervisor.start("person");
  await builder.clock.pass(60_000);

  expect(builder.news()).toEqual(["end", "leave 1: stopped", "launch"]);
});

test("what failed under an earlier daemon counts: a daemon that is restarted gives nobody a fresh budget", async () => {
  const first = await crashing(2);
  const second = await mini({ agentStatus: "dead", history: first.kept });
  await second.clock.pass(10 * timing.BACKOFF_MAX_MS);
  expect(second.news()).toEqual(["launch"]);

  await second.exit(crash);

  expect(second.news().at(-1)).toBe("gave up after 3 starts");
});

test("one that was given up stays so under the next daemon, and its room is not told again", async () => {
  const first = await crashing(3);
  const second = await mini({ agentStatus: "dead_failed_revive", history: first.kept });

  await second.clock.pass(1_000);

  expect(second.news()).toEqual([]);
});

test("a start whose end nobody saw has failed by the time the next daemon looks", async () => {
  const first = await starting();
  const second = await mini({ agentStatus: "dead", history: first.kept });

  expect(second.kept).toMatchObject([{ cause: "supervisor", endedAt: second.clock.now() }]);
});

test("an adopted process is the start that it was, not another one", async () => {
  const first = await ready();
  const second = await mini({ adopted: true, history: first.kept });
  second.say({ kind: "task_started" });

  expect(second.kept).toHaveLength(1);
});

test("however often a machine is drained, that uses up no starts", async () => {
  let history: Beginning["history"] = [];
  for (let drains = 0; drains < 10; drains += 1) {
    const builder = await mini({ history });
    await builder.join();
    builder.supervisor.drain();
    await builder.finished;
    history = builder.kept;
  }

  expect((await mini({ history })).news()).toEqual(["launch"]);
});

test("three starts that fail in a row end in giving up, told once, with trials after 1, 5 and 30 minutes", async () => {
  const builder = await crashing(3);
  expect(builder.agent.agentStatus).toBe("dead_failed_revive");

  for (const minutes of [1, 5, 30]) {
    await builder.clock.pass(minutes * 60_000 - 1);
    expect(builder.news()).toEqual([]);
    await builder.clock.pass(1);
    expect(builder.news()).toEqual(["launch"]);
    await builder.exit(crash);
    expect(builder.news()).toEqual([
      expect.stringMatching(/^bury/),
      expect.stringMatching(/^gave up after/),
    ]);
  }

  await builder.clock.pass(24 * 3_600_000);
  expect(builder.news()).toEqual([]);
});

test("a person's message gives an agent that was given up one fresh start, and a second message no second one", async () => {
  const builder = await crashing(3);

  void builder.supervisor.start("message");
  void builder.supervisor.start("message");
  await settle();

  expect(builder.news()).toEqual(["launch"]);
});

test("a person who stops and starts an agent begins a fresh budget", async () => {
  const builder = await crashing(3);

  builder.want({ desired: "stopped" });
  await settle();
  builder.want({ desired: "running" });
  await settle();
  expect(builder.news()).toEqual(["leave 3: stopped", "launch"]);
  await builder.exit(crash);
  await builder.clock.pass(1_000);

  expect(builder.news()).toEqual([expect.stringMatching(/^bury/), "launch"]);
});

test("a process that crashes inside its tasks is given up by the rate of its starts", async () => {
  const builder = await starting();
  for (let start = 0; start < 5; start += 1) {
    await builder.join();
    builder.say({ kind: "task_started" });
    await builder.exit(crash);
    await builder.clock.pass(20_000);
  }

  expect(builder.news().at(-1)).toBe("gave up after 5 starts");
});

test("a program that cannot be started counts as a failed start", async () => {
  const builder = await stopped();
  builder.cannotStart = new Error("there are too many processes");
  builder.want({ desired: "running" });
  const outcome = builder.supervisor.start("person");

  await settle();
  expect(await outcome).toEqual({ ok: false, reason: builder.cannotStart.message });
  for (let waits = 0; waits < 10; waits += 1) await builder.clock.pass(5_000);

  expect(builder.news()).toEqual(["launch", "launch", "launch", "gave up after 3 starts"]);
});

test("where somebody else sits, a start is tried once a lease, and as soon as the seat is free", async () => {
  const builder = await stopped();
  builder.refuses = true;
  builder.want({ desired: "running", agentStatus: "live", epoch: 9 });
  await settle();
  expect(builder.news()).toEqual(["launch"]);

  await builder.clock.pass(timing.HEARTBEAT_TTL_MS - 1);
  expect(builder.news()).toEqual([]);
  await builder.clock.pass(1);
  expect(builder.news()).toEqual(["launch"]);
  builder.refuses = false;
  builder.want({ agentStatus: "dead" });
  await settle();

  expect(builder.news()).toEqual(["launch"]);
});

test("a seat that another process took is not fought over until somebody asks for a start", async () => {
  const builder = await ready();

  await builder.exit({ code: 6, signal: null, tail: "another process took the seat" });
  await builder.clock.pass(3_600_000);
  expect(builder.news()).toEqual([expect.stringMatching(/^bury 1: 6/)]);
  void builder.supervisor.start("message");
  await settle();

  expect(builder.news()).toEqual(["launch"]);
});

test("a seat that another process took and left again is filled when work waits, whoever gave it", async () => {
  const builder = await ready();
  await builder.exit({ code: 6, signal: null, tail: "another process took the seat" });
  builder.want({ agentStatus: "offline", epoch: 2 });
  await builder.clock.pass(3_600_000);
  builder.news();

  void builder.supervisor.start("nobody");
  await settle();

  expect(builder.news()).toEqual(["launch"]);
});

test("an agent that hangs is ended and started anew when there is work for it, and not before", async () => {
  const builder = await ready();
  builder.want({ agentStatus: "dead" });
  await builder.clock.pass(3_600_000);
  expect(builder.news()).toEqual([]);

  void builder.supervisor.start("message");
  await builder.clock.pass(timing.HEARTBEAT_TTL_MS);
  expect(builder.news()).toEqual(["end", expect.stringContaining("no sign of life for 90 s")]);
  await builder.clock.pass(1_000);

  expect(builder.news()).toEqual(["launch"]);
});

test("an agent that was only asleep is left alone as soon as it gives a sign of life", async () => {
  const builder = await ready();
  builder.want({ agentStatus: "dead" });
  const outcome = builder.supervisor.start("message");

  await builder.clock.pass(timing.HEARTBEAT_TTL_MS - 1);
  builder.say({ kind: "tick" });
  await builder.clock.pass(3_600_000);
  builder.want({ agentStatus: "live" });

  expect(await outcome).toEqual({ ok: true });
  expect(builder.news()).toEqual([]);
});

test("a draining machine ends its agents and starts nothing", async () => {
  const builder = await ready();

  builder.supervisor.drain();
  await builder.finished;

  expect(builder.news()).toEqual(["end", "leave 1: its machine is shutting down"]);
  expect(builder.agent.desired).toBe("running");
});

test("an agent that is taken from this machine is ended here", async () => {
  const builder = await ready();

  builder.take();
  await builder.finished;

  expect(builder.news()).toEqual(["end", "leave 1: it was taken from this machine"]);
});

test("an adopted process is left running, and its death is seen and answered at once", async () => {
  const builder = await mini({ adopted: true });
  await builder.clock.pass(timing.STARTUP_DEADLINE_MS);
  expect(builder.news()).toEqual([]);

  await builder.exit({ code: null, signal: null, tail: "" });
  await builder.clock.pass(1_000);

  expect(builder.news()).toEqual(["bury 7: null", "launch"]);
});

test("the machine's beat carries an agent only while its own loop ticks", async () => {
  const builder = await ready();
  const linus = { epoch: 1, holderId: "linus" };
  expect(builder.supervisor.beat(10_000)).toEqual({ ...linus, silentMs: 0 });

  await builder.clock.pass(10_000);
  expect(builder.supervisor.beat(10_000)).toEqual({ ...linus, silentMs: 10_000 });
  await builder.clock.pass(1);
  expect(builder.supervisor.beat(10_000)).toBeNull();
  builder.say({ kind: "tick" });
  expect(builder.supervisor.beat(10_000)).toEqual({ ...linus, silentMs: 0 });
  builder.supervisor.answer("rejoin_required");

  expect(builder.heard).toEqual(["rejoin_required"]);
});

test("a process that another daemon started beats for itself", async () => {
  const builder = await mini({ adopted: true });

  expect(builder.supervisor.beat(Number.MAX_SAFE_INTEGER)).toBeNull();
});
