import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_STARTS_IN_WINDOW, hasFailed, restartBudget } from "./restart-budget.ts";
import { timingProfile } from "./timing.ts";
import type { Start, StartCause } from "./restart-budget.ts";

const timing = timingProfile("standard");
const MINUTE = 60_000;

const neverJoined = (at: number, cause: StartCause = "supervisor"): Start => ({
  cause,
  at,
  endedAt: at + 1_000,
  startedTask: false,
});
const crashedInTask = (at: number, cause: StartCause = "supervisor"): Start => ({
  ...neverJoined(at, cause),
  joinedAt: at + 500,
  startedTask: true,
});
const unreached = (at: number): Start => ({ ...neverJoined(at), unreached: true });
const ask = (history: readonly Start[], now: number, asked: "nobody" | "message" = "nobody") =>
  restartBudget(history, asked, now, 0, timing);

describe("a failed start", () => {
  test("ended before its join, or within 60 s of it without starting a task", () => {
    const joined = { ...neverJoined(0), joinedAt: 1_000 };
    expect(hasFailed(neverJoined(0), timing)).toBe(true);
    expect(hasFailed({ ...joined, endedAt: 60_999 }, timing)).toBe(true);
    expect(hasFailed({ ...joined, endedAt: 61_000 }, timing)).toBe(false);
    expect(hasFailed(crashedInTask(0), timing)).toBe(false);
  });

  test("is no start that could not reach its room, but it counts for the rate of starts", () => {
    expect(hasFailed(unreached(0), timing)).toBe(false);
    const starts = [0, 60_000, 120_000, 180_000].map(unreached);
    expect(ask(starts, 200_000).verdict).toBe("allowed");
    expect(ask([...starts, unreached(240_000)], 250_000).verdict).toBe("exhausted");
  });
});

describe("within the budget", () => {
  test("the first start needs no wait", () => {
    expect(ask([], 0)).toEqual({ verdict: "allowed", cause: "supervisor" });
  });

  test("a crash is followed by a backoff that grows with the starts of the window", () => {
    expect(ask([crashedInTask(0)], 1_000)).toEqual({ verdict: "wait", ms: 500 });
    expect(ask([crashedInTask(0)], 1_500).verdict).toBe("allowed");
    const second = [crashedInTask(0), crashedInTask(5_000)];
    expect(ask(second, 6_000)).toEqual({ verdict: "wait", ms: 1_000 });
  });

  test("an agent that crashes in a task once in a while is started for ever", () => {
    const hourly = Array.from({ length: 30 }, (_, hour) => crashedInTask(hour * 60 * MINUTE));
    expect(ask(hourly, 30 * 60 * MINUTE).verdict).toBe("allowed");
  });
});

describe("given up", () => {
  const three = [0, 2_000, 5_000].map((at) => neverJoined(at));

  test("three failed starts in a row use up the restarts", () => {
    expect(ask(three, 6_000)).toEqual({ verdict: "exhausted", starts: 3, trialInMs: MINUTE });
  });

  test("a start that was hopeless uses them up at once, and a person begins anew", () => {
    const missing = { ...neverJoined(0), hopeless: true };
    expect(ask([missing], 2_000)).toEqual({ verdict: "exhausted", starts: 1, trialInMs: 59_000 });
    expect(restartBudget([missing], "person", 2_000, 0, timing).verdict).toBe("allowed");
    const again = neverJoined(3_000, "person");
    expect(ask([missing, again], 5_000).verdict).toBe("allowed");
  });

  test("five starts in 300 s use them up, even if each began to work", () => {
    const five = [0, 10_000, 20_000, 30_000, 40_000].map((at) => crashedInTask(at));
    expect(ask(five, 41_000)).toMatchObject({ verdict: "exhausted", starts: 5 });
    expect(ask(five.slice(1), 50_000).verdict).toBe("allowed");
  });

  test("trials follow after 1, 5 and 30 minutes, then only a person helps", () => {
    const history = [...three];
    for (const minutes of [1, 5, 30]) {
      const due = (history.at(-1)?.endedAt ?? 0) + minutes * MINUTE;
      expect(ask(history, due - 1)).toMatchObject({ verdict: "exhausted", trialInMs: 1 });
      expect(ask(history, due)).toEqual({ verdict: "allowed", cause: "trial" });
      history.push(neverJoined(due, "trial"));
    }
    expect(ask(history, Number.MAX_SAFE_INTEGER)).toEqual({
      verdict: "exhausted",
      starts: 6,
      trialInMs: null,
    });
    expect(restartBudget(history, "person", 0, 0, timing).verdict).toBe("allowed");
  });

  test("a person's start begins a fresh budget", () => {
    const again = [...three, neverJoined(10_000, "person"), neverJoined(20_000)];
    expect(ask(again, 60_000).verdict).toBe("allowed");
    expect(ask([...again, neverJoined(60_000)], 61_000)).toMatchObject({ starts: 3 });
  });

  test("a person's message gives one trial at once and uses up no scheduled one", () => {
    expect(ask(three, 6_000, "message")).toEqual({ verdict: "allowed", cause: "message" });
    const failed = [...three, neverJoined(6_000, "message")];
    expect(ask(failed, 7_000)).toEqual({ verdict: "exhausted", starts: 4, trialInMs: MINUTE });
  });

  test("a trial that works ends it", () => {
    const healed = [...three, crashedInTask(400_000, "trial")];
    expect(ask(healed, 402_000).verdict).toBe("allowed");
  });

  test("a trial that works while the window is still full does not", () => {
    const five = [0, 10_000, 20_000, 30_000, 40_000].map((at) => crashedInTask(at));
    const trial = crashedInTask(101_000, "trial");
    expect(ask([...five, trial], 102_000)).toMatchObject({ trialInMs: 5 * MINUTE });
  });
});

test("however its processes end, trials apart an agent is never started more than five times in 300 s", () => {
  const life = fc.record({
    joins: fc.boolean(),
    startedTask: fc.boolean(),
    ms: fc.nat({ max: 2 * MINUTE }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(life, { minLength: 6, maxLength: 25 }), (lives) => {
      const history: Start[] = [];
      let now = 0;
      for (const { joins, startedTask, ms, random } of lives) {
        let answer = restartBudget(history, "nobody", now, random, timing);
        if (answer.verdict === "wait") now += answer.ms;
        if (answer.verdict === "exhausted") now += answer.trialInMs ?? Number.POSITIVE_INFINITY;
        if (now === Number.POSITIVE_INFINITY) break;
        answer = restartBudget(history, "nobody", now, random, timing);
        expect(answer.verdict).toBe("allowed");
        const cause = answer.verdict === "allowed" ? answer.cause : "supervisor";
        const joinedAt = joins ? now : undefined;
        const start = { cause, at: now, joinedAt, startedTask: joins && startedTask };
        now += ms;
        history.push({ ...start, endedAt: now });
        const bySupervisor = history.filter(
          (each) => each.cause === "supervisor" && each.at > start.at - timing.RESTART_WINDOW_MS,
        );
        expect(bySupervisor.length).toBeLessThanOrEqual(MAX_STARTS_IN_WINDOW);
      }
    }),
  );
});
