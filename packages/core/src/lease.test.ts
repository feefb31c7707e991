import * as fc from "fast-check";
import { expect, test } from "vitest";
import { agentTransition } from "./agent/lifecycle.ts";
import { LEASE_PHASES, expiryEvent, extendLease, grantLease, isExpired } from "./lease.ts";
import { timingProfile } from "./timing.ts";

const fast = timingProfile("fast");

test("an attended lease of the fast profile holds for 30 s and not longer", () => {
  const lease = grantLease("attended", 1_000, fast);
  expect(isExpired(lease, 30_999)).toBe(false);
  expect(isExpired(lease, 31_000)).toBe(true);
});

test("renewals in any order never move the end of a lease back", () => {
  const moments = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.constantFrom(...LEASE_PHASES), moments, (phase, beats) => {
      let lease = grantLease(phase, 0, fast);
      for (const now of beats) {
        const renewed = extendLease(lease, now, fast);
        expect(renewed.readyUntil).toBeGreaterThanOrEqual(lease.readyUntil);
        expect(isExpired(renewed, now)).toBe(false);
        lease = renewed;
      }
    }),
  );
});

test("a waiter that takes over from an unattended phase is bound by the shorter lease", () => {
  const before = grantLease("unattended", 0, fast);
  expect(grantLease("attended", 0, fast).readyUntil).toBeLessThan(before.readyUntil);
});

test("a parked agent is asked about differently than a silent or a starting one", () => {
  expect(expiryEvent("parked")).toBe("gap_expired");
  expect(expiryEvent("attended")).toBe("heartbeat_expired");
  expect(expiryEvent("unattended")).toBe("heartbeat_expired");
  expect(agentTransition("restarting", { type: expiryEvent("starting") }).status).toBe("dead");
});
