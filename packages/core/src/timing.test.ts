import { expect, test } from "vitest";
import { TIMING_PROFILES, timingProfile } from "./timing.ts";

test.each(TIMING_PROFILES)("in the %s profile a lease outlives two missed beats", (name) => {
  const timing = timingProfile(name);
  const margin = timing.HEARTBEAT_INTERVAL_MS / 2;
  const bound = 2 * timing.HEARTBEAT_INTERVAL_MS + timing.HEARTBEAT_TIMEOUT_MS + margin;
  expect(timing.HEARTBEAT_TTL_MS).toBeGreaterThanOrEqual(bound);
});

test.each(TIMING_PROFILES)("in the %s profile a machine outlives two missed beats", (name) => {
  const timing = timingProfile(name);
  const margin = timing.DAEMON_HEARTBEAT_INTERVAL_MS / 2;
  const bound = 2 * timing.DAEMON_HEARTBEAT_INTERVAL_MS + timing.HEARTBEAT_TIMEOUT_MS + margin;
  expect(timing.DAEMON_HEARTBEAT_TTL_MS).toBeGreaterThanOrEqual(bound);
});

test.each(TIMING_PROFILES)(
  "in the %s profile the retries of a beat fit between two beats",
  (name) => {
    const timing = timingProfile(name);
    const retries = timing.HEARTBEAT_RETRY_MS.reduce((sum, ms) => sum + ms, 0);
    expect(retries).toBeLessThan(timing.HEARTBEAT_INTERVAL_MS);
  },
);

test.each(TIMING_PROFILES)(
  "in the %s profile a machine gives up a start before the server",
  (name) => {
    const timing = timingProfile(name);
    expect(timing.STARTUP_DEADLINE_MS).toBeLessThan(timing.RESTART_DEADLINE_MS);
  },
);

test.each(TIMING_PROFILES)("in the %s profile a question may stay open for longer", (name) => {
  const timing = timingProfile(name);
  expect(timing.QUESTION_DEADLINE_MS).toBeLessThan(timing.QUESTION_LONGEST_MS);
});

test("a misspelt profile is an error that names the valid ones", () => {
  expect(() => timingProfile("fats")).toThrow(/"fats".*standard, fast, test, patient/);
});
