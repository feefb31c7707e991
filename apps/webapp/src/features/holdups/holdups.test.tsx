import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Holdup } from "#lib/backend.ts";
import { seat, task } from "../../test/cast.ts";
import { HoldupNote } from "./holdup-note.tsx";
import { looksStuck } from "./seat-holdup.tsx";
import type { Help } from "./use-holdups.ts";
import { rolesWaitedFor } from "./waiting-dock.tsx";

const holdup: Holdup = {
  kind: "stopped",
  sentence: "builder is stopped.",
  since: 0,
  command: "muster agent start --room harbor --role builder",
  help: { action: "start" },
};

function show(help: Partial<Help> | null, rest: { connected?: boolean; quiet?: boolean } = {}) {
  const run = vi.fn<Help["run"]>();
  const whole = help === null ? null : { label: "Start", run, busy: false, problem: null, ...help };
  const { container } = render(
    <HoldupNote role="builder" holdup={holdup} help={whole} connected {...rest} />,
  );
  return { text: container.textContent, run };
}

test("a hold-up says what it is, since when, and offers the button that helps", () => {
  const { text, run } = show({});
  expect(text).toMatch(/^builder is stopped\.for \d+\w/u);
  fireEvent.click(screen.getByRole("button", { name: "Start: builder" }));
  expect(run).toHaveBeenCalledOnce();
  expect(text).not.toContain("muster");
});

test("where no button helps, the command can be copied", () => {
  show(null);
  expect(screen.getByText(holdup.command)).toBeTruthy();
  expect(screen.getByRole("button", { name: `Copy the command: ${holdup.command}` })).toBeTruthy();
});

test("while the backend is not heard the button rests, and a refusal is told", () => {
  show({ problem: "You may not." }, { connected: false });
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Start: builder" });
  expect(button.disabled).toBe(true);
  expect(screen.getByRole("alert").textContent).toBe("You may not.");
});

test("where the card has the button already, the note only speaks", () => {
  show({}, { quiet: true });
  expect(screen.queryByRole("button")).toBeNull();
});

test("a role is waited for when a task lies there for a while and nobody works", () => {
  const team = [seat(), seat({ role: "builder" })];
  const waits = (tasks: Parameters<typeof rolesWaitedFor>[1], seats = team) =>
    rolesWaitedFor(seats, tasks, 10_000);
  expect(waits([task()])).toEqual(["builder"]);
  expect(waits([task({ createdAt: 9_000 })])).toEqual([]);
  expect(waits([task({ status: "in_progress" })])).toEqual([]);
  expect(waits([task({ notBefore: 20_000 })])).toEqual([]);
  const working = [seat({ role: "builder", agentStatus: "working" })];
  expect(waits([task()], working)).toEqual([]);
  expect(waits([task({ heldBy: "the chain is long" })], working)).toEqual(["builder"]);
});

test("nothing is asked about an agent that is ready or works, until it stalls", () => {
  expect(looksStuck(seat())).toBe(false);
  expect(looksStuck(seat({ agentStatus: "working" }))).toBe(false);
  expect(looksStuck(seat({ agentStatus: "working", stalled: true }))).toBe(true);
  expect(looksStuck(seat({ agentStatus: "dead" }))).toBe(true);
  expect(looksStuck(seat({ type: null, agentStatus: "offline" }))).toBe(true);
});
