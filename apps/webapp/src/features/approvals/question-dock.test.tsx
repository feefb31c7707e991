import type { Id } from "@muster/backend/dataModel";
import { act, render, screen } from "@testing-library/react";
import { ConvexProvider, ConvexReactClient } from "convex/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Approval } from "#lib/backend.ts";
import { keepDraft, readDraft } from "#lib/draft.ts";
import { approval } from "../../test/cast.ts";
import { QuestionDock } from "./question-dock.tsx";

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

const client = new ConvexReactClient("http://127.0.0.1:3210");
const dock = (...approvals: Approval[]) => (
  <ConvexProvider client={client}>
    <QuestionDock approvals={approvals} blocked={{ approval: null, question: null }} />
  </ConvexProvider>
);
const another = { _id: "another-id" as Id<"approvals">, title: "Write pier.ts" };
const answered = {
  status: "answered",
  optionId: "once",
  answeredBy: "ada",
  deadline: null,
} as const;

const said = () => screen.getAllByRole("status")[0]?.textContent;

test("the question that was asked first, and so ends first, stands on top", () => {
  render(dock(approval({ ...another, askedAt: 5 }), approval({ askedAt: 1 })));
  const titles = screen.getAllByRole("heading").map(({ textContent }) => textContent);
  expect(titles).toEqual(["Run npm test", "Write pier.ts"]);
});

test("a question that somebody else answers stays for a moment, to be read", async () => {
  const { rerender } = render(dock(approval()));
  rerender(dock(approval(answered)));
  expect(screen.getByText("ada answered: Allow once")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
  await act(() => vi.advanceTimersByTimeAsync(7_000));
  expect(screen.queryByRole("article")).toBeNull();
});

test("what was begun as an answer goes with its question", () => {
  const question = approval({ kind: "question", options: [], title: "Which port?" });
  keepDraft(question._id, "Well, 80");
  const { rerender } = render(dock(question));
  expect(readDraft(question._id)).toBe("Well, 80");
  rerender(dock({ ...question, status: "void" }));
  expect(readDraft(question._id)).toBe("");
});

test("what was closed before the room was opened does not come up again", () => {
  render(dock(approval(answered)));
  expect(screen.queryByRole("article")).toBeNull();
});

test("a question that arrives is said to those who do not see it", () => {
  const { rerender } = render(dock());
  expect(said()).toBe("");
  rerender(dock(approval()));
  expect(said()).toBe("builder asks for your permission");
  rerender(dock(approval({ kind: "question", options: [], title: "Which port?" })));
  expect(said()).toBe("builder asks you a question");
});
