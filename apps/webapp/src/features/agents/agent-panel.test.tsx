import type { AgentStatus } from "@muster/core";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Seat } from "#lib/backend.ts";
import { seat } from "../../test/cast.ts";
import { AgentPanel } from "./agent-panel.tsx";
import { Facts } from "./facts.tsx";
import type { AgentActions } from "./use-agent-actions.ts";

function show(changes: Partial<Seat> = {}) {
  const run = vi.fn<AgentActions["run"]>();
  const { container } = render(
    <AgentPanel
      seat={seat(changes)}
      connected
      holdup={<p>what holds it up</p>}
      actions={{ run, busy: null, problem: null }}
      questions={<p>its questions</p>}
      turn={<p>its turn</p>}
      evidence={<p>the evidence</p>}
    />,
  );
  return { text: container.textContent, run };
}

const means = {
  offline: ["OFFLINE", "Never joined, left"],
  ready: ["READY", "Waits for work"],
  working: ["WORKING", "Holds a started task"],
  restarting: ["RESTARTING", "Its machine is starting it."],
  dead: ["DEAD", "its process ended unasked"],
  dead_failed_revive: ["DEAD (UNRECOVERABLE)", "its machine gave up"],
} satisfies Record<AgentStatus, [string, string]>;

test.each(Object.entries(means) as [AgentStatus, [string, string]][])(
  "the panel of an agent that is %s says so and what it means",
  (agentStatus, [label, meaning]) => {
    const { text } = show({ agentStatus });
    expect(screen.getByText(label)).toBeTruthy();
    expect(text).toContain(meaning);
  },
);

test("one that was given up says after how many starts, and starts again", () => {
  const { text, run } = show({
    agentStatus: "dead_failed_revive",
    reason: "gave up after 3 starts",
  });
  expect(text).toContain("Gave up after 3 starts.");
  fireEvent.click(screen.getByRole("button", { name: "Start again: planner" }));
  expect(run).toHaveBeenCalledWith("start");
});

test("a running agent can be restarted here, and one that a person runs cannot", () => {
  const { run } = show();
  fireEvent.click(screen.getByRole("button", { name: "Restart: planner" }));
  expect(run).toHaveBeenCalledWith("restart");
});

test("a person's own agent has no buttons that pretend to reach it", () => {
  show({ type: "custom", agentStatus: "working", scripted: false });
  expect(screen.queryByRole("button")).toBeNull();
});

test("a crash shows how the process ended and what it printed last, without its escapes", () => {
  const tail = "\u001B[31mcannot write\u001B[0m";
  const { text } = show({
    agentStatus: "dead",
    lastExit: { code: null, signal: "SIGKILL", tail, at: 0 },
  });
  expect(text).toContain("Ended with SIGKILL");
  expect(screen.getByText("cannot write")).toBeTruthy();
});

test("hold-up, questions, turn and evidence are there without another click", () => {
  const { text } = show({ agentStatus: "working", needsYou: true });
  for (const part of ["NEEDS YOU", "what holds it up", "its questions", "its turn", "the evidence"])
    expect(text).toContain(part);
});

test("who runs it, with what, where and in which epoch are facts with names", () => {
  const { text } = show({
    harness: "opencode",
    scripted: false,
    model: "small",
    workingDir: "/src/harbor",
    epoch: 7,
  });
  for (const fact of [
    "Run bymini",
    "Harnessopencode",
    "Modelsmall",
    "Directory/src/harbor",
    "Epoch7",
  ])
    expect(text).toContain(fact);
});

test("no fact of a role without an agent is left blank", () => {
  const { container } = render(<Facts seat={seat({ type: null, harness: null, desired: null })} />);
  const blank = [...container.querySelectorAll("dd")].filter((fact) => fact.textContent === "");
  expect(blank).toEqual([]);
});
