import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Approval } from "#lib/backend.ts";
import { approval } from "../../test/cast.ts";
import { AnswerForm } from "./answer-form.tsx";
import type { Answering } from "./use-answer.ts";

function show(changes: Partial<Approval> = {}, answering: Partial<Answering> = {}) {
  const answer = vi.fn<(given: string) => void>();
  const question = approval({ kind: "question", title: "Which port?", options: [], ...changes });
  const all = { answer, chosen: null, problem: null, ...answering };
  const { unmount } = render(<AnswerForm approval={question} answering={all} blocked={null} />);
  return Object.assign(answer, { unmount });
}

const buttons = () => screen.getAllByRole<HTMLButtonElement>("button");
const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Answer to builder" });

test("a question offers its choices in their order, and a click answers with one", () => {
  const answer = show({ choices: ["9090", "8080"] });
  expect(buttons().map(({ textContent }) => textContent)).toEqual(["9090", "8080"]);
  fireEvent.click(screen.getByRole("button", { name: "8080" }));
  expect(answer).toHaveBeenCalledWith("8080");
});

test("a question without choices is answered in words, by Enter or the button, and not by nothing", () => {
  const answer = show();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Answer" }).disabled).toBe(true);
  fireEvent.keyDown(field(), { key: "Enter" });
  expect(answer).not.toHaveBeenCalled();
  fireEvent.change(field(), { target: { value: "8080" } });
  fireEvent.keyDown(field(), { key: "Enter", shiftKey: true });
  expect(answer).not.toHaveBeenCalled();
  fireEvent.keyDown(field(), { key: "Enter" });
  expect(answer).toHaveBeenCalledWith("8080");
  fireEvent.click(screen.getByRole("button", { name: "Answer" }));
  expect(answer).toHaveBeenCalledTimes(2);
});

test("an answer that is too long says by how much, and stays to be cut", () => {
  const answer = show();
  fireEvent.change(field(), { target: { value: "x".repeat(16 * 1024 + 3) } });
  fireEvent.keyDown(field(), { key: "Enter" });
  expect(answer).not.toHaveBeenCalled();
  expect(screen.getByText("Too long by 3 bytes.")).toBeTruthy();
});

test("a refused answer is still there to be given again", () => {
  const answer = show({}, { problem: "Not connected. Try again." });
  fireEvent.change(field(), { target: { value: "8080" } });
  fireEvent.keyDown(field(), { key: "Enter" });
  expect(answer).toHaveBeenCalledWith("8080");
  expect(field().value).toBe("8080");
});

test("what was begun as an answer is still there when a person comes back, and only at its question", () => {
  const { unmount } = show();
  fireEvent.change(field(), { target: { value: "Well, 80" } });
  unmount();
  const other = show({ _id: "another" as Approval["_id"] });
  expect(field().value).toBe("");
  other.unmount();
  show();
  expect(field().value).toBe("Well, 80");
});
