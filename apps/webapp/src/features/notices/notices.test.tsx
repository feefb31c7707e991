import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Notice, Room } from "#lib/backend.ts";
import { harbor, notice } from "../../test/cast.ts";
import { NoticeList } from "./notice-list.tsx";
import { NoticeRow } from "./notice-row.tsx";
import type { NoticeActions } from "./use-notices.ts";

function show(
  changes: Partial<Notice>,
  {
    rights = harbor.rights,
    problem = null as string | null,
  }: Partial<Room> & { problem?: string | null } = {},
) {
  const resume = vi.fn<NoticeActions["resume"]>();
  const onDismiss = vi.fn<() => void>();
  const { container } = render(
    <ul>
      <NoticeRow
        notice={notice(changes)}
        rights={rights}
        actions={{ busy: false, problem, resume }}
        onDismiss={rights.includes("send") ? onDismiss : null}
      />
    </ul>,
  );
  return { text: container.textContent, resume, onDismiss };
}

test("a schedule that a brake stopped says why and is resumed by its button", () => {
  const { text, resume } = show({});
  expect(text).toContain("Stopped: morning-round was stopped: nobody has spoken");
  fireEvent.click(screen.getByRole("button", { name: "Resume" }));
  expect(resume).toHaveBeenCalledOnce();
});

test("a used-up limit leads to the room's limits", () => {
  show({ kind: "capped", action: "configure" });
  expect(screen.getByRole("button", { name: "Limits" }).getAttribute("href")).toBe(
    "#/harbor/schedules",
  );
});

test("a notice that needs nothing but to be known can be dismissed", () => {
  const { onDismiss } = show({ kind: "late", action: null });
  expect(screen.queryByRole("button", { name: "Resume" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Dismiss: Late" }));
  expect(onDismiss).toHaveBeenCalledOnce();
});

test("whoever may only read has no button, and a refusal is told", () => {
  show({}, { rights: [], problem: "Its date has passed: add a new one." });
  expect(screen.queryAllByRole("button")).toEqual([]);
  expect(screen.getByRole("alert").textContent).toBe("Its date has passed: add a new one.");
});

test("a notice of the server stays put away in this browser, and the next one is told anew", () => {
  const restart = notice({
    _id: "a" as Notice["_id"],
    scope: "server",
    kind: "restart",
    text: "The server restarts at noon.",
    action: null,
    roomId: null,
    roomName: null,
    scheduleId: null,
  });
  const label = "Notices of the server";
  const { unmount } = render(<NoticeList notices={[restart]} label={label} />);
  expect(screen.getByRole("status").textContent).toContain("The server restarts at noon.");
  fireEvent.click(screen.getByRole("button", { name: "Dismiss: Restart" }));
  expect(screen.queryByRole("status")).toBeNull();
  // As after a reload, or in a second tab.
  unmount();
  const { rerender } = render(<NoticeList notices={[restart]} label={label} />);
  expect(screen.queryByRole("status")).toBeNull();
  const again = { ...restart, _id: "b" as Notice["_id"], text: "It restarts again." };
  rerender(<NoticeList notices={[restart, again]} label={label} />);
  expect(screen.getByRole("status").textContent).toContain("It restarts again.");
});
