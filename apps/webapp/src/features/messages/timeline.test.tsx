import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Message } from "#lib/backend.ts";
import { message } from "../../test/cast.ts";
import { Timeline } from "./timeline.tsx";

const MESSAGE_PX = 100;
const BOX_PX = 400;

/** happy-dom lays nothing out: each message counts as 100 px high, and 400 px of them can be seen. */
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(BOX_PX);
  vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockImplementation(function (
    this: HTMLElement,
  ) {
    return this.querySelectorAll("[data-seq]").length * MESSAGE_PX;
  });
});
afterEach(() => vi.restoreAllMocks());

const between = (from: number, to: number): Message[] =>
  Array.from({ length: to - from + 1 }, (_, index) => message({ seq: from + index }));

const page = (items: Message[] | undefined, earlier = false, loadEarlier = () => {}) => (
  <Timeline
    room="harbor"
    messages={{ items, hasEarlier: earlier, loadingEarlier: false, loadEarlier }}
  />
);

const box = () => screen.getByRole("log");
const scrollTo = (top: number) =>
  act(() => {
    box().scrollTop = top;
    fireEvent.scroll(box());
  });

test("at the bottom, a new message comes into sight by itself", () => {
  const { rerender } = render(page(between(1, 10)));
  rerender(page(between(1, 11)));
  expect(box().scrollTop).toBe(11 * MESSAGE_PX);
  expect(screen.queryByRole("button", { name: /new message/u })).toBeNull();
});

test("further up nothing moves, and what came meanwhile is counted", () => {
  const { rerender } = render(page(between(1, 10)));
  scrollTo(200);
  rerender(page(between(1, 12)));
  expect(box().scrollTop).toBe(200);
  fireEvent.click(screen.getByRole("button", { name: "2 new messages" }));
  expect(box().scrollTop).toBe(12 * MESSAGE_PX);
});

test("whoever sends something is taken to it", () => {
  const { rerender } = render(page(between(1, 10)));
  scrollTo(200);
  const sending = message({ seq: 11, _id: "sending:key" as Message["_id"] });
  rerender(page([...between(1, 10), sending]));
  expect(box().scrollTop).toBe(11 * MESSAGE_PX);
});

test("earlier messages appear above without moving what is being read", () => {
  const { rerender } = render(page(between(51, 60)));
  scrollTo(200);
  rerender(page(between(1, 60)));
  expect(box().scrollTop).toBe(200 + 50 * MESSAGE_PX);
});

test("earlier messages are loaded when somebody asks", () => {
  const loadEarlier = vi.fn<() => void>();
  render(page(between(51, 60), true, loadEarlier));
  fireEvent.click(screen.getByRole("button", { name: "Load earlier messages" }));
  expect(loadEarlier).toHaveBeenCalledTimes(1);
});

test("an empty room says what to do, and only once the backend has said that it is empty", () => {
  const { rerender } = render(page(undefined));
  expect(screen.queryByText(/Nothing has been said/u)).toBeNull();
  rerender(page([]));
  expect(screen.getByText("Nothing has been said in harbor yet")).toBeTruthy();
});

test("progress that an agent repeats after it was started again is shown once", () => {
  const taskId = "task-1" as NonNullable<Message["taskId"]>;
  const says = (seq: number, text: string, facts: Partial<Message> = {}) =>
    message({ seq, type: "progress", text, taskId, ...facts });
  const other = { taskId: "task-2" as typeof taskId };
  const died = { id: "crash", at: 0, row: <li>planner died</li> };
  const items = [
    says(1, "Reading"),
    says(2, "Writing"),
    says(3, "Writing"),
    says(4, "Writing", other),
    says(5, "Testing"),
    says(6, "Writing"),
  ];
  const messages = { items, hasEarlier: false, loadingEarlier: false, loadEarlier: () => {} };
  render(<Timeline room="harbor" messages={messages} happenings={[{ ...died, at: 1 }]} />);
  const shown = [...box().querySelectorAll("[data-seq]")].map((row) =>
    row.getAttribute("data-seq"),
  );
  expect(shown).toEqual(["1", "2", "4", "5", "6"]);
  expect(screen.getByText("planner died")).toBeTruthy();
});
