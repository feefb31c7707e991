import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Message, Task } from "#lib/backend.ts";
import { message } from "../../test/cast.ts";
import { MessageRow } from "./message-row.tsx";

function show(changes: Partial<Message>): string {
  const { container } = render(
    <ol>
      <MessageRow room="harbor" message={message({ seq: 1, ...changes })} />
    </ol>,
  );
  return container.textContent;
}

test("a message says who wrote it and to whom", () => {
  const text = show({ sender: { kind: "person", name: "ada" }, target: "planner", text: "Build" });
  expect(text).toContain("ada");
  expect(text).toContain("planner");
  expect(text).toContain("Build");
});

test("a handoff to another role is told from an answer to the people", () => {
  expect(show({ type: "handoff", target: "builder" })).toContain("handoff");
  const answer = show({ type: "handoff", target: "user" });
  expect(answer).toContain("answer");
  expect(answer).toContain("you");
});

test("progress is one quiet line, without formatting that an agent could shout with", () => {
  expect(show({ type: "progress", text: "# LOUD" })).toContain("# LOUD");
});

test("an OK of a schedule is one quiet line, however many it was written in", () => {
  const text = show({ type: "summary", text: "# All is well\n\nNothing is loose." });
  expect(text).toContain("planner # All is well Nothing is loose.");
  expect(screen.queryByRole("article")).toBeNull();
  expect(screen.queryByRole("heading")).toBeNull();
});

test("a notice is called one for those who do not see its sign", () => {
  expect(show({ type: "notice", text: "builder died" })).toContain("Notice: builder died");
});

test("a message that the backend has not accepted says so instead of a time", () => {
  expect(show({ _id: "sending:key" as Message["_id"], text: "Build" })).toContain("sending…");
});

test("an answer leads to the task that it ends, with what its agent did", () => {
  show({ type: "handoff", target: "user", taskId: "k1" as Task["_id"] });
  const link = screen.getByRole("link", { name: "What planner did" });
  expect(link.getAttribute("href")).toBe("#/harbor/task/k1");
});
