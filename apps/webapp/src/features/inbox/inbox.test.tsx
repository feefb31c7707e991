import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Approval, Delivery, InboxSettings } from "#lib/backend.ts";
import { approval, delivery } from "../../test/cast.ts";
import { BellView } from "./bell.tsx";
import { InboxView } from "./inbox-panel.tsx";
import { InboxSettingsForm } from "./inbox-settings.tsx";
import { Toasts } from "./toasts.tsx";
import { TOAST_MS } from "./use-passing.ts";
import type { InboxActions, Settling } from "./use-inbox.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const id = (text: string) => text as Delivery["_id"];

function show(items: readonly Delivery[], questions: readonly Approval[] = []) {
  const actions = {
    busy: false,
    problem: null,
    seen: vi.fn<InboxActions["seen"]>(),
    retry: vi.fn<InboxActions["retry"]>(),
  };
  const onDone = vi.fn<() => void>();
  const { container } = render(
    <InboxView inbox={{ unseen: 0, items }} settings={null} {...{ questions, actions, onDone }} />,
  );
  return { ...actions, onDone, text: container.textContent };
}

test("what is new is told apart and seen together; what waits for the morning is not new yet", () => {
  const fresh = delivery();
  const quiet = { status: "waiting", notBefore: 3_600_000, attempt: 0 } as const;
  const waiting = delivery({ _id: id("w"), ...quiet });
  const old = delivery({ _id: id("o"), seenAt: 1 });
  const { seen, text } = show([fresh, waiting, old]);
  expect(text.match(/New: /gu)).toHaveLength(1);
  expect(text).toContain("held back until");
  fireEvent.click(screen.getByRole("button", { name: "I have seen all" }));
  expect(seen).toHaveBeenCalledWith([fresh]);
});

test("what is tried again is news still, and says when and why", () => {
  const reason = "its carrier did not say how it went";
  const again = { status: "waiting", notBefore: 3_600_000, attempt: 1, reason } as const;
  const { text } = show([delivery(again)]);
  expect(text).toContain("New: ");
  expect(text).toMatch(/tried again .*: its carrier did not say how it went/);
});

test("opening the room of some news has seen it and closes the inbox", () => {
  const fresh = delivery();
  const { seen, onDone } = show([fresh]);
  const link = screen.getByRole("link", { name: "New: builder in harbor" });
  expect(link.getAttribute("href")).toBe("#/harbor");
  fireEvent.click(link);
  expect(seen).toHaveBeenCalledWith([fresh]);
  expect(onDone).toHaveBeenCalledOnce();
});

test("what was given up says why and can be tried again", () => {
  const dead = delivery({ channel: "telegram", status: "dead", reason: "the chat is gone" });
  const { retry, text } = show([dead]);
  expect(text).toContain("not delivered: the chat is gone");
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(retry).toHaveBeenCalledWith(dead);
});

test("an empty inbox says what comes here", () => {
  show([]);
  expect(screen.getByText("Nothing has been sent to you")).toBeTruthy();
});

test("who waits for an answer stands above the news, and leads to the room where it is given", () => {
  const { onDone, text } = show([delivery()], [approval()]);
  expect(text.indexOf("Run npm test")).toBeLessThan(text.indexOf("The pier is loose."));
  const link = screen.getByRole("link", { name: "builder in harbor asks" });
  expect(link.getAttribute("href")).toBe("#/harbor");
  fireEvent.click(link);
  expect(onDone).toHaveBeenCalledOnce();
});

test.each([
  [0, 0, "Inbox", ""],
  [2, 0, "Inbox, 2 new", "2"],
  [0, 1, "Inbox, 1 open question", "1"],
  [99, 2, "Inbox, 2 open questions, 99 new", "99+"],
])("with %d new and %d open, the bell is called %s and shows %s", (unseen, open, name, badge) => {
  const questions = Array.from({ length: open }, () => approval());
  render(<BellView unseen={unseen} questions={questions} />);
  expect(screen.getByRole("button", { name }).textContent).toBe(badge);
});

function settle(settings: Partial<InboxSettings>) {
  const change = vi.fn<Settling["change"]>();
  const all = { quietHours: null, visibility: {}, channels: ["dashboard/ada"], ...settings };
  render(<InboxSettingsForm settings={all} busy={false} problem={null} change={change} />);
  return change;
}

test("quiet hours are kept once they are complete, and ended by their switch", () => {
  const change = settle({});
  const quiet = screen.getByRole("switch", { name: "Quiet hours" });
  fireEvent.click(quiet);
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "20:00" } });
  expect(change).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Save the quiet hours" }));
  expect(change.mock.calls[0]?.[0].quietHours).toMatchObject({ from: "20:00", to: "07:00" });
});

test("news can be kept away from the dashboard", () => {
  const change = settle({});
  fireEvent.click(screen.getByRole("switch", { name: "News comes here" }));
  expect(change).toHaveBeenCalledWith({ visibility: { showAlerts: false } });
});

test("quiet lines and the sign in the header are each person's own, too", () => {
  const change = settle({ visibility: { indicator: false } });
  const sign = screen.getByRole("switch", { name: "Sign in the header" });
  expect(sign).toHaveProperty("checked", false);
  fireEvent.click(sign);
  expect(change).toHaveBeenLastCalledWith({ visibility: { indicator: true } });
  fireEvent.click(screen.getByRole("switch", { name: "Quiet lines" }));
  expect(change).toHaveBeenLastCalledWith({ visibility: { showOk: false } });
});

function toast(shown: readonly Delivery[]) {
  const onSeen = vi.fn<(deliveries: readonly Delivery[]) => void>();
  const onPassed = vi.fn<(id: Delivery["_id"]) => void>();
  render(<Toasts {...{ shown, onSeen, onPassed }} />);
  return { onSeen, onPassed };
}
const later = (ms: number): void => {
  act(() => {
    vi.advanceTimersByTime(ms);
  });
};

test("at most three pieces of news stand at the corner, and each goes when it was seen", () => {
  const shown = ["a", "b", "c", "d"].map((name) => delivery({ _id: id(name) }));
  const { onSeen } = toast(shown);
  expect(screen.getByRole("status").textContent).toContain("and 1 more in your inbox");
  const [first] = screen.getAllByRole("button", { name: "Seen: builder in harbor" });
  if (first !== undefined) fireEvent.click(first);
  expect(onSeen).toHaveBeenCalledWith([shown[0]]);
});

test("news that nobody touches leaves the page by itself, and stays new in the inbox", () => {
  vi.useFakeTimers();
  const { onSeen, onPassed } = toast([delivery()]);
  later(TOAST_MS - 1);
  expect(onPassed).not.toHaveBeenCalled();
  later(1);
  expect(onPassed).toHaveBeenCalledExactlyOnceWith(delivery()._id);
  expect(onSeen).not.toHaveBeenCalled();
});

test("news stays while a pointer or the focus is on it, and while the page is in the background", () => {
  vi.useFakeTimers();
  const { onPassed } = toast([delivery()]);
  const seen = screen.getByRole("button", { name: "Seen: builder in harbor" });
  const hold = (begin: () => void, end: () => void) => {
    begin();
    later(2 * TOAST_MS);
    expect(onPassed).not.toHaveBeenCalled();
    end();
  };
  hold(
    () => fireEvent.pointerEnter(seen),
    () => fireEvent.pointerLeave(seen),
  );
  hold(
    () => fireEvent.focus(seen),
    () => fireEvent.blur(seen),
  );
  const background = vi.spyOn(document, "visibilityState", "get");
  const turn = (state: DocumentVisibilityState) => {
    background.mockReturnValue(state);
    fireEvent(document, new Event("visibilitychange"));
  };
  hold(
    () => turn("hidden"),
    () => turn("visible"),
  );
  later(TOAST_MS);
  expect(onPassed).toHaveBeenCalledOnce();
});
