import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Link, TICK_MS } from "#lib/link.ts";

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

function line() {
  const world = { open: true, answers: true, visible: true, probes: 0 };
  const link = new Link({
    isOpen: () => world.open,
    isVisible: () => world.visible,
    now: () => Date.now(),
    probe: (signal) => {
      world.probes += 1;
      if (world.answers) return Promise.resolve();
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      });
    },
  });
  const timer = setInterval(link.look, TICK_MS);
  return { world, link, stop: () => clearInterval(timer) };
}

test("a closed socket shows as lost within five seconds, with the age of the last word", async () => {
  const { world, link } = line();
  link.heard();
  await vi.advanceTimersByTimeAsync(20_000);
  const heardAt = link.state().heardAt ?? 0;
  world.open = false;
  const closedAt = Date.now();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(link.state().state).toBe("lost");
  expect(link.state().heardAt).toBe(heardAt);
  expect(closedAt - heardAt).toBeLessThan(5_000);
});

test("a backend that hangs behind an open socket shows as lost within five seconds", async () => {
  const { world, link } = line();
  link.heard();
  await vi.advanceTimersByTimeAsync(20_000);
  world.answers = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(link.state().state).toBe("lost");
});

test("a quiet room on a good line stays live and its data counts as fresh", async () => {
  const { link } = line();
  link.heard();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(link.state().state).toBe("live");
  expect(Date.now() - (link.state().heardAt ?? 0)).toBeLessThan(5_000);
});

test("a socket that is renewed at once is no news", async () => {
  const { world, link } = line();
  const told = vi.fn<() => void>();
  link.heard();
  link.subscribe(told);
  world.open = false;
  await vi.advanceTimersByTimeAsync(900);
  world.open = true;
  link.heard();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(told).not.toHaveBeenCalled();
});

test("an HTTP answer does not make a closed socket live", async () => {
  const { world, link } = line();
  link.heard();
  world.open = false;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(link.state().state).toBe("lost");
  expect(world.probes).toBe(0);
});

test("the first word after an outage makes it live again", async () => {
  const { world, link } = line();
  link.heard();
  world.open = false;
  await vi.advanceTimersByTimeAsync(5_000);
  world.open = true;
  link.heard();
  expect(link.state().state).toBe("live");
});

test("a page that never reached its backend says so instead of opening for ever", async () => {
  const { world, link } = line();
  world.open = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(link.state()).toEqual({ state: "lost", heardAt: null });
});

test("a page in the background asks nothing", async () => {
  const { world, link } = line();
  link.heard();
  world.visible = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(world.probes).toBe(0);
});
