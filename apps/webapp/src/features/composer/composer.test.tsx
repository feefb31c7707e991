import { act, fireEvent, render, screen } from "@testing-library/react";
import { ConvexError } from "convex/values";
import { beforeEach, expect, test, vi } from "vitest";
import { harbor, seat } from "../../test/cast.ts";
import { Composer } from "./composer.tsx";
import type { ComposerProps } from "./composer.tsx";

const send = vi.fn<ComposerProps["send"]>();
const start = vi.fn<ComposerProps["start"]>();

beforeEach(() => {
  send.mockReset().mockResolvedValue({ note: "planner gets it now." });
  start.mockReset().mockResolvedValue(null);
});

const team = [seat(), seat({ role: "builder", agentStatus: "offline", desired: "stopped" })];

function show(changes: Partial<ComposerProps> = {}) {
  const props = { room: harbor, team, connected: true, send, start, ...changes };
  return render(<Composer {...props} />);
}

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox");
const sendButton = () => screen.getByRole<HTMLButtonElement>("button", { name: "Send" });
const write = (text: string) => fireEvent.change(box(), { target: { value: text } });
const press = async (keys: Record<string, unknown>) =>
  act(async () => {
    fireEvent.keyDown(box(), { key: "Enter", ...keys });
  });

test("Enter sends to the entry role and empties the box", async () => {
  show();
  write("Build a pier");
  await press({});
  expect(send).toHaveBeenCalledExactlyOnceWith({ to: "planner", text: "Build a pier" });
  expect(box().value).toBe("");
});

test("Shift and Enter begin a new line and send nothing", async () => {
  show();
  write("Build");
  await press({ shiftKey: true });
  expect(send).not.toHaveBeenCalled();
});

test("the Enter that ends a composed character sends nothing", async () => {
  show();
  write("港");
  await press({ isComposing: true });
  expect(send).not.toHaveBeenCalled();
});

test("blank text cannot be sent", async () => {
  show();
  write("  \n ");
  await press({});
  expect(send).not.toHaveBeenCalled();
  expect(sendButton().disabled).toBe(true);
});

test("a refused message comes back with the reason, in front of what was written since", async () => {
  const answer = Promise.withResolvers<{ note: string }>();
  send.mockReturnValueOnce(answer.promise);
  show();
  write("first");
  await press({});
  write("second");
  await act(async () =>
    answer.reject(new ConvexError({ kind: "limit", message: "Too many at once." })),
  );
  expect(box().value).toBe("first\n\nsecond");
  expect(screen.getByRole("alert").textContent).toBe("Not sent: Too many at once.");
});

test("without a connection nothing is sent, and the text stays", async () => {
  show({ connected: false });
  write("Build a pier");
  await press({});
  expect(send).not.toHaveBeenCalled();
  expect(box().value).toBe("Build a pier");
  expect(screen.getByRole("status").textContent).toBe("Not connected. Your text stays here.");
});

test("without a connection it does not claim to know whom a message wakes", () => {
  show({ connected: false });
  expect(screen.queryByTestId("wake-line")).toBeNull();
});

test("in an archived room it promises to wake nobody", () => {
  show({ room: { ...harbor, archivedAt: 0 } });
  expect(screen.queryByTestId("wake-line")).toBeNull();
  expect(screen.getByRole("status").textContent).toBe("This room is archived.");
});

test("it says whom the message wakes, with that role's status", () => {
  show();
  expect(screen.getByTestId("wake-line").textContent).toBe("WakesplannerREADY");
});

test("a stopped role's message waits, and starting it is one click away", async () => {
  show({ room: { ...harbor, entryRole: "builder" } });
  expect(screen.getByTestId("wake-line").textContent).toContain("is stopped");
  await act(async () => {
    fireEvent.click(screen.getByRole("button", { name: "Start builder" }));
  });
  expect(start).toHaveBeenCalledWith("builder");
});

test("who may only read is told so", () => {
  show({ room: { ...harbor, rights: [] } });
  write("Build");
  expect(sendButton().disabled).toBe(true);
  expect(screen.getByRole("status").textContent).toBe("You may read here, but not write.");
});

test("a text over the limit is not sent, and how much is too much is said", () => {
  show();
  write("a".repeat(64 * 1024 + 3));
  expect(sendButton().disabled).toBe(true);
  expect(screen.getByRole("status").textContent).toBe("Too long by 3 bytes.");
});

test("what was written is still there when a person comes back to the room", () => {
  const { unmount } = show();
  write("half a thought");
  unmount();
  show();
  expect(box().value).toBe("half a thought");
});

test("a room does not show what was written in another one", () => {
  const { unmount } = show();
  write("half a thought");
  unmount();
  show({ room: { ...harbor, name: "docs" } });
  expect(box().value).toBe("");
});

test("the backend's word on what happens is shown until the next message is begun", async () => {
  show();
  write("Build a pier");
  await press({});
  expect(screen.getByRole("status").textContent).toBe("planner gets it now.");
  write("A");
  expect(screen.getByRole("status").textContent).not.toContain("planner gets it now.");
});
