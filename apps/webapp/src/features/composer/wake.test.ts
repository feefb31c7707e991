import { AGENT_STATUSES } from "@muster/core";
import { expect, test } from "vitest";
import type { Seat } from "#lib/backend.ts";
import { seat } from "../../test/cast.ts";
import { wakeOf } from "./wake.ts";

function said(changes: Partial<Seat>): string {
  const who = seat(changes);
  const { before, after } = wakeOf(who, "harbor");
  return `${before} ${who.role} ${after}`.trim();
}

test.each([
  [{ agentStatus: "ready" }, "Wakes planner"],
  [{ agentStatus: "working" }, "Waits until planner has finished"],
  [{ agentStatus: "restarting" }, "Waits until planner has come up"],
  [{ agentStatus: "offline" }, "Starts planner on mini"],
  [{ agentStatus: "offline", desired: "stopped" }, "Waits: planner is stopped"],
  [{ agentStatus: "dead" }, "Waits until planner is back on mini"],
  [{ agentStatus: "dead", desired: "stopped" }, "Waits: planner is stopped"],
  [{ agentStatus: "dead_failed_revive" }, "Gives one fresh start to planner on mini"],
  [
    { agentStatus: "offline", machineConnected: false },
    "Waits for planner because mini is not connected",
  ],
] satisfies [Partial<Seat>, string][])("for %o it says: %s", (changes, sentence) => {
  expect(said(changes)).toBe(sentence);
});

test("every status has its sentence", () => {
  for (const agentStatus of AGENT_STATUSES)
    expect(said({ agentStatus })).toMatch(/^[A-Z].*planner/u);
});

test("a role without an agent says how to give it one", () => {
  const wake = wakeOf(seat({ type: null, role: "builder" }), "harbor");
  expect(wake.command).toBe("muster agent add --room harbor --role builder --harness demo");
});

test("a person's own agent that does not ask for work says what to run", () => {
  const wake = wakeOf(seat({ type: "custom", agentStatus: "offline" }), "harbor");
  expect(wake.command).toBe("muster wait-for-task --room harbor --role planner");
  expect(wakeOf(seat({ type: "custom" }), "harbor").command).toBeNull();
});
