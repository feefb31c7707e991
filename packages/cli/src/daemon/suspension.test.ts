import { expect, test } from "vitest";
import { AwakeClock } from "../awake-clock.ts";
import type { Backend } from "../backend/connect.ts";
import { Machine } from "./machine.ts";
import { Hands, mini, timing, type Beginning } from "./mini.fixture.ts";

const MINUTE = 60_000;
const SUSPENSIONS = [MINUTE, 10 * MINUTE, 60 * MINUTE, 8 * 60 * MINUTE];

/** A role on a computer that can be suspended: its clock then jumps, and every timer is overdue. */
const sleeper = async (how: Beginning = {}) => await mini({ ...how, suspends: true });

test.each(SUSPENSIONS)(
  "an agent that starts while its machine sleeps %d ms may still join",
  async (ms) => {
    const builder = await sleeper();
    await builder.clock.pass(ms);
    await builder.join();
    await builder.clock.pass(ms);
    expect(builder.news()).toEqual(["launch"]);
  },
);

test.each(SUSPENSIONS)(
  "an agent that its room thinks dead after %d ms of sleep has its whole time to show that it lives",
  async (ms) => {
    const builder = await sleeper();
    await builder.join();
    builder.want({ agentStatus: "dead" });
    const outcome = builder.supervisor.start("message");
    await builder.clock.pass(ms);
    builder.say({ kind: "tick" });
    builder.want({ agentStatus: "live" });
    expect(await outcome).toEqual({ ok: true });
    expect(builder.news()).toEqual(["launch"]);
  },
);

test.each(SUSPENSIONS)("the first beat after %d ms of sleep carries the agent", async (ms) => {
  const builder = await sleeper();
  await builder.join();
  builder.say({ kind: "tick" });
  await builder.clock.pass(ms);
  expect(builder.supervisor.beat(timing.HEARTBEAT_INTERVAL_MS)).toMatchObject({
    holderId: "linus",
  });
});

test.each(SUSPENSIONS)(
  "a machine that wakes after %d ms beats before its next beat is due",
  async (ms) => {
    const hands = new Hands();
    const clock = new AwakeClock(hands);
    const beats: number[] = [];
    const nextBeatMs = timing.DAEMON_HEARTBEAT_INTERVAL_MS;
    const backend = {
      mutate: () => {
        beats.push(hands.now());
        return Promise.resolve({
          answer: "ok",
          machineId: "mini",
          epoch: 1,
          nextBeatMs,
          timing,
          agents: [],
        });
      },
    } as unknown as Backend;
    const card = { name: "mini", os: "linux", harnesses: [], daemonVersion: "1" };
    const machine = new Machine(backend, card, clock, () => {});
    const ending = new AbortController();
    await machine.register(ending.signal);
    const beating = {
      agents: () => [],
      onAnswer: () => {},
      onAnswered: () => {},
      waking: () => clock.waking,
    };
    void clock.tick(() => nextBeatMs, ending.signal);
    const done = machine.keepBeating(beating, ending.signal);
    await hands.pass(1_250);
    beats.splice(0);

    hands.suspend(ms);
    await hands.pass(1_250);

    expect(beats).toEqual([hands.now()]);
    ending.abort();
    await done;
  },
);
