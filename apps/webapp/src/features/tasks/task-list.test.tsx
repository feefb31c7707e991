import type { Id } from "@muster/backend/dataModel";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Task } from "#lib/backend.ts";
import { harbor, task } from "../../test/cast.ts";
import { TaskList } from "./task-list.tsx";

function show(tasks: readonly Task[], onRetry: (id: string) => void = () => {}) {
  render(<TaskList tasks={tasks} room={harbor} problem={null} onRetry={onRetry} />);
}

test("a dead letter says why it was given up and can be retried", () => {
  const onRetry = vi.fn<(id: string) => void>();
  show([task({ status: "dead_letter", reason: "builder crashed on it three times" })], onRetry);
  expect(screen.getByText("builder crashed on it three times")).toBeTruthy();
  expect(screen.getByText("DEAD LETTER")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Retry" }));
  expect(onRetry).toHaveBeenCalledWith("task-id");
});

test("no other task offers a retry", () => {
  show([task({ status: "completed" })]);
  expect(screen.queryByRole("button", { name: "Retry" })).toBeNull();
});

test("what is still to be done comes before what is over", () => {
  show([
    task({ status: "completed", text: "old", _id: "a" as Id<"tasks"> }),
    task({ status: "in_progress", text: "open", _id: "b" as Id<"tasks"> }),
  ]);
  const [first] = screen.getAllByRole("listitem");
  expect(first?.textContent).toContain("open");
});

test("a later attempt says the how-manieth it is", () => {
  show([task({ attempt: 3 })]);
  expect(screen.getByText("attempt 3")).toBeTruthy();
});

test("a task held back says by what", () => {
  show([task({ heldBy: "the room's budget" })]);
  expect(screen.getByText("Held back: the room's budget")).toBeTruthy();
});

test("a room without tasks says how the first one comes about", () => {
  show([]);
  expect(screen.getByText(/Write to planner/u)).toBeTruthy();
});

test("a task opens with everything about it", () => {
  show([task()]);
  expect(screen.getByRole("link", { name: "Build the pier" }).getAttribute("href")).toBe(
    "#/harbor/task/task-id",
  );
});
