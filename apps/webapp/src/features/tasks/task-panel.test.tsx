import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Task } from "#lib/backend.ts";
import { task, turn } from "../../test/cast.ts";
import { TaskPanel } from "./task-panel.tsx";
import type { TaskPanelProps } from "./task-panel.tsx";

function show(changes: Partial<Task> = {}, props: Partial<TaskPanelProps> = {}) {
  const actions = {
    retry: vi.fn<(id: string) => void>(),
    cancel: vi.fn<(id: string) => void>(),
    busy: false,
    problem: null,
  };
  const { container } = render(
    <TaskPanel
      task={task(changes)}
      turns={[]}
      cancelling={false}
      actions={actions}
      questions={null}
      turnList={<p>its turns</p>}
      diff={<p>its diff</p>}
      {...props}
    />,
  );
  return { text: container.textContent, actions };
}

test("a task says for whom, from whom and the how-manieth attempt it is", () => {
  const { text } = show({ attempt: 2, recoveries: 1 });
  expect(text).toContain("Task for builder");
  expect(text).toContain("from ada");
  expect(text).toContain("attempt 2, 1 after a crash");
});

test("an open task can be cancelled", () => {
  const { actions } = show({ status: "in_progress" });
  fireEvent.click(screen.getByRole("button", { name: "Cancel task" }));
  expect(actions.cancel).toHaveBeenCalledWith("task-id");
});

test("a cancelled task whose agent has not let go of it reads CANCELLING and says what happens next", () => {
  const { text } = show({ status: "cancelled", reason: "cancelled by ada" }, { cancelling: true });
  expect(screen.getByText("CANCELLING")).toBeTruthy();
  expect(text).toContain("cancelled by ada; builder is still ending its turn");
  expect(screen.queryByRole("button", { name: "Cancel task" })).toBeNull();
});

test("a dead letter says why and can be retried", () => {
  const { actions } = show({ status: "dead_letter", reason: "builder crashed on it three times" });
  expect(screen.getByText("builder crashed on it three times")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Retry" }));
  expect(actions.retry).toHaveBeenCalledWith("task-id");
});

test("tokens and cost of all its turns are added up", () => {
  const usage = { inputTokens: 1_000, outputTokens: 10, cost: { amount: 0.5, currency: "USD" } };
  const { text } = show({}, { turns: [turn({ usage }), turn({ usage })] });
  expect(text).toContain("2K in · 20 out · $1.00");
});

test("who may only read gets no buttons", () => {
  show({ status: "in_progress" }, { actions: null });
  expect(screen.queryByRole("button")).toBeNull();
});
