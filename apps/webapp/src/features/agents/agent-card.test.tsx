import type { AgentStatus } from "@muster/core";
import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Seat } from "#lib/backend.ts";
import { seat } from "../../test/cast.ts";
import { AgentCard } from "./agent-card.tsx";
import type { AgentCardProps } from "./agent-card.tsx";
import type { AgentActions } from "./use-agent-actions.ts";

afterEach(() => vi.useRealTimers());

function show(
  changes: Partial<Seat> = {},
  actions: Partial<AgentActions> = {},
  connected = true,
  explained: AgentCardProps["explained"] = (reason) => reason,
) {
  const run = vi.fn<AgentActions["run"]>();
  render(
    <ul>
      <AgentCard
        seat={seat(changes)}
        room="harbor"
        entry={false}
        connected={connected}
        explained={explained}
        actions={{ run, busy: null, problem: null, ...actions }}
      />
    </ul>,
  );
  return { card: screen.getByRole("listitem"), run };
}

const button = (name: RegExp) => screen.queryByRole<HTMLButtonElement>("button", { name });

const words = {
  offline: "OFFLINE",
  ready: "READY",
  working: "WORKING",
  restarting: "RESTARTING",
  dead: "DEAD",
  dead_failed_revive: "DEAD (UNRECOVERABLE)",
} satisfies Record<AgentStatus, string>;

test.each(Object.entries(words) as [AgentStatus, string][])(
  "an agent that is %s carries the word %s, not a colour alone",
  (agentStatus, word) => {
    const { card } = show({ agentStatus });
    expect(within(card).getByText(word)).toBeTruthy();
    expect(card.getAttribute("aria-label")).toBe(`planner, ${word}`);
  },
);

test("an agent that a person asked for reads STARTING while its machine starts it", () => {
  const { card } = show({ agentStatus: "restarting", starting: true });
  expect(within(card).getByText("STARTING")).toBeTruthy();
});

test("the age of a status ticks", async () => {
  vi.useFakeTimers({ now: 42_000 });
  const { card } = show({ since: 0 });
  expect(card.textContent).toContain("42s");
  await act(() => vi.advanceTimersByTimeAsync(3_000));
  expect(card.textContent).toContain("45s");
});

test("a dead agent says why, and how its process ended where the reason does not say it", () => {
  const lastExit = { code: 3, signal: null, tail: "boom", at: 0 };
  const { card } = show({ agentStatus: "dead", reason: "did not come up in time", lastExit });
  expect(card.textContent).toContain("did not come up in time – last exit: code 3");
  expect(card.textContent).not.toContain("boom");
});

test("one that could not be started says why, which is all that its machine knows", () => {
  const tail = "the working directory /srv/harbor does not exist";
  const lastExit = { code: null, signal: null, tail, at: 0 };
  const { card } = show({
    agentStatus: "dead_failed_revive",
    reason: "gave up after 3 starts",
    lastExit,
  });
  expect(card.textContent).toContain(`gave up after 3 starts – ${tail}`);
});

test("what it does right now counts its seconds", async () => {
  vi.useFakeTimers({ now: 10_000 });
  const activity = { text: "Run npm test", since: 0 };
  const { card } = show({ agentStatus: "working", activity });
  expect(card.textContent).toContain("Run npm test10s");
  await act(() => vi.advanceTimersByTimeAsync(2_000));
  expect(card.textContent).toContain("Run npm test12s");
});

test("the card opens everything about its agent", () => {
  show();
  const link = screen.getByRole("link", { name: "planner" });
  expect(link.getAttribute("href")).toBe("#/harbor/agent/planner");
});

test("an agent that gave up can be started again", () => {
  const { run } = show({ agentStatus: "dead_failed_revive", reason: "gave up after 3 starts" });
  fireEvent.click(button(/Start again/u)!);
  expect(run).toHaveBeenCalledWith("start");
});

test("a running agent can be stopped and a stopped one started", () => {
  const { run } = show();
  expect(button(/^Start/u)).toBeNull();
  fireEvent.click(button(/^Stop: planner/u)!);
  expect(run).toHaveBeenCalledWith("stop");
});

test("a stopped agent offers to start and not to stop", () => {
  const { run } = show({ agentStatus: "offline", desired: "stopped" });
  expect(button(/^Stop/u)).toBeNull();
  fireEvent.click(button(/^Start: planner/u)!);
  expect(run).toHaveBeenCalledWith("start");
});

test("a scripted agent can be killed, and its button says what that does", () => {
  const { card, run } = show();
  expect(card.textContent).toContain("scripted, no model");
  expect(card.textContent).not.toContain("SIGKILL");
  expect(button(/^Kill it/u)?.title).toContain("SIGKILL to process 4123. mini starts it again");
  fireEvent.click(button(/^Kill it/u)!);
  expect(run).toHaveBeenCalledWith("kill");
});

test("a dead agent cannot be killed again, and one with a model not at all", () => {
  show({ agentStatus: "dead" });
  expect(button(/^Kill it/u)?.disabled).toBe(true);
});

test("an agent with a model has no kill button", () => {
  show({ scripted: false, harness: "opencode" });
  expect(button(/^Kill it/u)).toBeNull();
});

test("nothing can be asked while the backend is not heard", () => {
  show({}, {}, false);
  expect(button(/^Stop/u)?.disabled).toBe(true);
  expect(button(/^Kill it/u)?.disabled).toBe(true);
});

test("a refused action says why on the card", () => {
  show({}, { problem: "mini is not connected." });
  expect(screen.getByRole("alert").textContent).toBe("mini is not connected.");
});

test("who runs the agent is in words", () => {
  const { card } = show({ machineConnected: false });
  expect(card.textContent).toContain("run by mini, which is not connected");
});

test("a person's own agent is run by you and has no buttons that pretend to reach it", () => {
  const { card } = show({ type: "custom", agentStatus: "offline", scripted: false });
  expect(card.textContent).toContain("run by you");
  expect(button(/^(Start|Stop|Kill)/u)).toBeNull();
});

test("what holds the agent up stands in the place of its reason", () => {
  const { card } = show({ agentStatus: "dead", reason: "left" }, {}, true, () => (
    <p>mini is away</p>
  ));
  expect(card.textContent).toContain("mini is away");
  expect(card.textContent).not.toContain("left");
});

test("needs you and stalled stand beside the status and do not replace it", () => {
  const { card } = show({ agentStatus: "working", needsYou: true, stalled: true });
  for (const word of ["WORKING", "NEEDS YOU", "STALLED"])
    expect(within(card).getByText(word)).toBeTruthy();
});
