import { act, fireEvent, render, renderHook, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Approval } from "#lib/backend.ts";
import { approval } from "../../test/cast.ts";
import { ApprovalCard } from "./approval-card.tsx";
import { whyBlocked } from "./blocked.ts";
import { outcomeOf } from "./outcome.ts";
import { titleOf } from "./use-attention.ts";
import { useOnce } from "./use-answer.ts";
import type { Answering } from "./use-answer.ts";

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

function show(
  changes: Partial<Approval> = {},
  answering: Partial<Answering> = {},
  blocked: string | null = null,
) {
  const answer = vi.fn<(id: string) => void>();
  const all = { answer, chosen: null, problem: null, ...answering };
  render(<ApprovalCard approval={approval(changes)} answering={all} blocked={blocked} />);
  return { card: screen.getByRole("article"), answer };
}

const buttons = () => screen.getAllByRole<HTMLButtonElement>("button");

test("the narrow yes comes first and the no last, whatever order the harness has", () => {
  show();
  expect(buttons().map(({ textContent }) => textContent)).toEqual([
    "Allow once",
    "Allow always",
    "Reject",
  ]);
});

test("a click answers with the option's id", () => {
  const { answer } = show();
  fireEvent.click(screen.getByRole("button", { name: "Allow always" }));
  expect(answer).toHaveBeenCalledWith("always");
});

test("an answer disables every option at once", () => {
  show({}, { chosen: "once" });
  expect(buttons().every(({ disabled }) => disabled)).toBe(true);
  expect(screen.getByRole("status").textContent).toBe("Answering…");
});

test("the deadline counts down and says what silence means", async () => {
  const { card } = show({ deadline: 65_000 });
  expect(card.textContent).toContain("1:05 left – no answer by then means no");
  await act(() => vi.advanceTimersByTimeAsync(6_000));
  expect(card.textContent).toContain("59s left");
});

test("a question that nobody answered says that this was a no, and offers nothing", () => {
  const { card } = show({ status: "denied", deadline: null });
  expect(card.textContent).toContain("nobody answered in time, which is a no");
  expect(screen.queryByRole("button")).toBeNull();
});

test("a closed question says who answered what", () => {
  const { card } = show({
    status: "answered",
    optionId: "once",
    answeredBy: "ada",
    deadline: null,
  });
  expect(card.textContent).toContain("ada answered: Allow once");
});

test("whoever was late is told who was first", () => {
  const problem = "ada has answered this already: Reject.";
  show({ status: "answered", optionId: "no", answeredBy: "ada", deadline: null }, { problem });
  expect(screen.getByRole("alert").textContent).toBe(`Your answer did not count. ${problem}`);
});

test("what is asked is shown as it is: no HTML, no terminal escapes, no hidden characters", () => {
  const { card } = show({
    title: "<img src=x onerror=alert(1)>",
    detail: "\u001B[8mrm\u202E -rf ~",
  });
  expect(card.querySelector("img")).toBeNull();
  expect(card.textContent).toContain("<img src=x onerror=alert(1)>");
  expect(card.textContent).toContain("rm⟨U+202E⟩ -rf ~");
});

test("a long detail starts small and opens to all of it", () => {
  show({ detail: "line\n".repeat(60) });
  const more = screen.getByRole("button", { name: "Show all of it" });
  expect(more.getAttribute("aria-expanded")).toBe("false");
  fireEvent.click(more);
  expect(screen.getByRole("button", { name: "Show less" })).toBeTruthy();
});

test("who may not answer sees the question and why the buttons are off", () => {
  show({}, {}, "You may read this, but not answer.");
  expect(buttons().every(({ disabled }) => disabled)).toBe(true);
  expect(screen.getByText("You may read this, but not answer.")).toBeTruthy();
});

test("a double click answers once, and a refused answer may be given again", async () => {
  const send = vi
    .fn<(id: string) => Promise<unknown>>()
    .mockRejectedValueOnce(new Error("offline"));
  send.mockResolvedValue({});
  const { result } = renderHook(() => useOnce(send));
  await act(async () => {
    result.current.answer("once");
    result.current.answer("once");
    await Promise.resolve();
  });
  expect(send).toHaveBeenCalledTimes(1);
  expect(result.current.problem).toContain("Try again");
  await act(async () => {
    result.current.answer("once");
    await Promise.resolve();
  });
  expect(send).toHaveBeenCalledTimes(2);
  expect(result.current.chosen).toBe("once");
});

test("the tab's title says who asks in which room, and how many wait", () => {
  expect(titleOf("docks", [])).toBe("docks · Muster");
  expect(titleOf("docks", [approval({ askedAt: 2, role: "planner" }), approval()])).toBe(
    "(2) builder asks · harbor · Muster",
  );
});

const question: Partial<Approval> = { kind: "question", title: "Which port?", options: [] };

test("a question says that nobody waits for ever, and is answered below", async () => {
  const { card } = show({ ...question, choices: ["8080", "9090"], deadline: 65_000 });
  expect(card.textContent).toContain("1:05 left – then it goes on without");
  vi.useRealTimers();
  expect(await screen.findByRole("button", { name: "8080" })).toBeTruthy();
});

test("a closed question says who said what, or that nobody did", () => {
  const { card } = show({
    ...question,
    status: "answered",
    answer: "8080\nor 9090",
    answeredBy: "ada",
    deadline: null,
  });
  expect(card.textContent).toContain("ada answered: 8080 or 9090");
  expect(outcomeOf(approval({ ...question, status: "expired" }))).toBe("nobody answered in time");
  expect(outcomeOf(approval({ ...question, status: "void" }))).toContain("its task is over");
});

test("to answer a question takes the right to write, to allow something another one", () => {
  const may = "You may read this, but not answer.";
  expect(whyBlocked({ rights: ["send"] }, true)).toEqual({ approval: may, question: null });
  expect(whyBlocked({ rights: ["send", "approve"] }, false)).toEqual({
    approval: "Not connected.",
    question: "Not connected.",
  });
});
