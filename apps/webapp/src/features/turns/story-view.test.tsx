import { act, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Turn } from "#lib/backend.ts";
import { turn, turnEvents } from "../../test/cast.ts";
import { stateOf } from "./stop.ts";
import { storyOf } from "./story.ts";
import { StoryView } from "./turn-card.tsx";

afterEach(() => vi.useRealTimers());

type Told = Parameters<typeof turnEvents>;

function show(told: Told, changes: Partial<Turn> = {}) {
  const view = <StoryView story={storyOf(turnEvents(...told))} turn={turn(changes)} />;
  return render(view).container;
}

const call = (status: "running" | "done") =>
  ({ kind: "tool", body: { id: "t", title: "npm test", status } }) as const;

test("a running tool call counts its seconds, and stops when it is done", async () => {
  vi.useFakeTimers({ now: 9_000 });
  const page = show([call("running")]);
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  expect(page.querySelector('[data-tool="running"]')?.textContent).toContain("10s");
  expect(show([call("done")]).textContent).not.toContain("10s");
});

test("a call that was left running when its turn ended does not go on counting", () => {
  vi.useFakeTimers({ now: 600_000 });
  expect(
    show([call("running")], { status: "ended", stopReason: "lost" }).textContent,
  ).not.toContain("10:00");
});

test("how far a plan has come is in words, for those who do not see its signs", () => {
  show([
    {
      kind: "plan",
      body: {
        entries: [
          { text: "Read", status: "completed" },
          { text: "Write", status: "in_progress" },
        ],
      },
    },
  ]);
  expect(screen.getByText("Plan · 1 of 2 done")).toBeTruthy();
  expect(screen.getByText("(in progress)")).toBeTruthy();
});

test("what an agent prints is only ever text", () => {
  const page = show([
    { kind: "text", body: "<img src=x onerror=alert(1)>\u001B[2J" },
    { kind: "tool", body: { id: "t", title: "<script>1</script>", status: "failed" } },
  ]);
  expect(page.querySelectorAll("img, script")).toHaveLength(0);
  expect(page.textContent).toContain("<img src=x onerror=alert(1)>");
});

test("what is not kept any more is counted", () => {
  expect(show([], { dropped: 1_200 }).textContent).toContain(
    "The first 1,200 events are not kept any more.",
  );
});

test("every way in which a turn ends has words of its own", () => {
  expect(stateOf(turn({ status: "ended", stopReason: "timed_out" }))).toBe("timed out");
  expect(stateOf(turn({ status: "ended", stopReason: "lost" }))).toContain("its agent was gone");
});
