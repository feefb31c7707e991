import { expect, test } from "vitest";
import { CALL_TIMEOUT_MS, TIMING_PROFILES, timingProfile } from "./timing.ts";
import type { TimingProfile } from "./timing.ts";

/** What may pass between two answered beats. The leases of `test` are shorter than a call that is given up: an answer has one beat there. */
function silence(name: TimingProfile, intervalMs: number): number {
  const timeoutMs = name === "test" ? intervalMs : CALL_TIMEOUT_MS;
  return 2 * intervalMs + timeoutMs + intervalMs / 2;
}

test.each(TIMING_PROFILES)("in the %s profile a lease outlives two missed beats", (name) => {
  const { HEARTBEAT_INTERVAL_MS, HEARTBEAT_TTL_MS } = timingProfile(name);
  expect(HEARTBEAT_TTL_MS).toBeGreaterThanOrEqual(silence(name, HEARTBEAT_INTERVAL_MS));
});

test.each(TIMING_PROFILES)("in the %s profile a machine outlives two missed beats", (name) => {
  const { DAEMON_HEARTBEAT_INTERVAL_MS, DAEMON_HEARTBEAT_TTL_MS } = timingProfile(name);
  const bound = silence(name, DAEMON_HEARTBEAT_INTERVAL_MS);
  expect(DAEMON_HEARTBEAT_TTL_MS).toBeGreaterThanOrEqual(bound);
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
