import { expect, test } from "vitest";
import type { Backend } from "./backend/connect.ts";
import { keepBeating, type Beats } from "./beat.ts";
import { CliError } from "./errors.ts";
import type { HeldSeat } from "./held-seat.ts";

const INTERVAL = 10_000;
const LEASE = 30_000;

type Reply = "ok" | "rejoin_required" | "superseded" | "stop" | CliError;

interface Stage {
  readonly beats: Beats;
  /** When each beat was sent, in ms. */
  readonly sent: number[];
  readonly rejoins: () => number;
  /** Moves the clock as a suspended machine does: no timer runs meanwhile. */
  readonly suspend: (ms: number) => void;
}

/** Linus's seat, beaten against `replies` one by one (the last for ever); sleeping moves the clock and nothing else. */
function stage(...replies: readonly Reply[]): Stage {
  let clock = 0;
  let rejoins = 0;
  const sent: number[] = [];
  const backend = {
    url: "http://127.0.0.1:3210",
    mutate: () => {
      const reply = replies[Math.min(sent.length, replies.length - 1)] ?? "ok";
      sent.push(clock);
      return reply instanceof CliError
        ? Promise.reject(reply)
        : Promise.resolve({ answer: reply, nextBeatMs: INTERVAL, leaseMs: LEASE });
    },
  } as unknown as Backend;
  const joined = { nextBeatMs: INTERVAL, leaseMs: LEASE, heldTaskId: null };
  const held = {
    seat: { roomId: "r", roomName: "harbor", role: "builder", holderId: "linus", epoch: 1 },
    join: () => {
      rejoins += 1;
      return Promise.resolve(joined);
    },
  } as unknown as HeldSeat;
  const beats = keepBeating({
    backend,
    held,
    joined,
    now: () => clock,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      clock += ms;
    },
  });
  return { beats, sent, rejoins: () => rejoins, suspend: (ms) => (clock += ms) };
}

const away = new CliError("unreachable", "No Muster backend answers.");

test("the first beat comes at a random point, the others after 80 to 95 % of the interval", async () => {
  const { beats, sent } = stage("ok", "ok", "ok", "stop");
  await beats.ended;
  expect(sent).toEqual([5_000, 13_750, 22_500, 31_250]);
});

test("a beat that failed comes again after 1, 2 and 4 s", async () => {
  const { beats, sent } = stage(away, away, away, "superseded");
  expect(await beats.ended).toBe("superseded");
  expect(sent).toEqual([5_000, 6_000, 8_000, 12_000]);
});

test("a backend that is silent for longer than the lease ends it: nobody believes in this holder", async () => {
  const { beats, sent } = stage(away);
  expect(await beats.ended).toBe("lost");
  expect(sent.at(-1)).toBeGreaterThan(LEASE);
  expect(sent.at(-1)).toBeLessThan(LEASE + 5_000);
});

test("a holder that was cleaned up joins again by itself and goes on", async () => {
  const { beats, rejoins, sent } = stage("rejoin_required", "ok", "stop");
  expect(await beats.ended).toBe("stop");
  expect(rejoins()).toBe(1);
  expect(sent).toHaveLength(3);
});

test("after a suspension it beats first; before two intervals have passed it need not", async () => {
  const { beats, sent, suspend } = stage("ok");
  suspend(INTERVAL);
  await beats.refresh();
  expect(sent).toEqual([]);
  suspend(8 * 3_600_000);
  await beats.refresh();
  expect(sent).toHaveLength(1);
  await beats.stop();
});

test("a stopped one sends no more beats, and its end is not an end of the seat", async () => {
  const { beats, sent } = stage("ok");
  await beats.stop();
  const count = sent.length;
  let ended = false;
  void beats.ended.then(() => (ended = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toHaveLength(count);
  expect(ended).toBe(false);
});
