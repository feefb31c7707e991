import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ConnectionBadge } from "./connection-badge.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";

beforeEach(() => vi.useFakeTimers({ now: 60_000 }));
afterEach(() => vi.useRealTimers());

test("while the backend is heard there is no banner", () => {
  render(<ConnectionBanner link={{ state: "live", heardAt: 60_000 }} backend="127.0.0.1:3210" />);
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a lost line says which backend and how old everything on the page is, and the age ticks", async () => {
  render(<ConnectionBanner link={{ state: "lost", heardAt: 48_000 }} backend="127.0.0.1:3210" />);
  const banner = screen.getByRole("alert");
  expect(banner.textContent).toContain("Not connected to 127.0.0.1:3210.");
  expect(banner.textContent).toContain("12s old");
  await act(() => vi.advanceTimersByTimeAsync(3_000));
  expect(banner.textContent).toContain("15s old");
});

test("a backend that was never reached is not given an age", () => {
  render(<ConnectionBanner link={{ state: "lost", heardAt: null }} backend="127.0.0.1:3210" />);
  expect(screen.getByRole("alert").textContent).toContain("is it running?");
});

test("the state of the line is always there in a word", () => {
  render(<ConnectionBadge link={{ state: "live", heardAt: 60_000 }} />);
  expect(screen.getByText("Live")).toBeTruthy();
});
