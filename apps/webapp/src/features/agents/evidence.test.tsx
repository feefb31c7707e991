import { render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EvidenceView } from "./evidence.tsx";
import type { Asked } from "./use-evidence.ts";

beforeEach(() => vi.useFakeTimers({ now: 100_000 }));
afterEach(() => vi.useRealTimers());

type Answered = Extract<Asked, { step: "answered" }>;

function show(evidence: Partial<Answered["evidence"]>, events: Answered["events"] = []): string {
  const asked: Asked = {
    step: "answered",
    at: 98_000,
    evidence: { renewedAt: 90_000, readyUntil: 120_000, renewedBy: "mini", epoch: 3, ...evidence },
    events,
  };
  return render(<EvidenceView asked={asked} onAsk={() => {}} />).container.textContent;
}

test("evidence says when, by way of whom and in which epoch the agent was heard", () => {
  const text = show({});
  expect(text).toContain("Last heard 10s ago by way of mini");
  expect(text).toContain("Epoch 3");
});

test("evidence carries its own age, because it is asked once and not watched", () => {
  const text = show({});
  expect(text).toContain("its lease had 22s left when asked");
  expect(text).toContain("Asked 2s ago");
});

test("an agent that was never heard is not given a lease", () => {
  expect(show({ renewedAt: null, readyUntil: null })).toContain("nobody was heard from");
});

test("a report that was refused is told from a change that happened", () => {
  const reporter = "the daemon of mini";
  const event = { at: 90_000, from: "dead", to: "dead", reason: "", epoch: 2, reporter } as const;
  const text = show({}, [{ ...event, event: "process_exited", accepted: false }]);
  expect(text).toContain("refused: process exited, says the daemon of mini");
});

test("a failed question says so instead of showing old evidence", () => {
  render(<EvidenceView asked={{ step: "failed", problem: "No answer." }} onAsk={() => {}} />);
  expect(screen.getByText("No answer.")).toBeTruthy();
});
