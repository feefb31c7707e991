import { expect, test } from "vitest";
import type { Backend } from "./backend/connect.ts";
import { keepBeating, type Beats } from "./beat.ts";
import type { Clock } from "./daemon/clock.ts";
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

/** Passes by itself, from alarm to alarm, while everybody sleeps. */
class OwnTime implements Clock {
  #now = 0;
  #alarms: Array<{ at: number; ring: () => void }> = [];
  now = () => this.#now;
  random = () => 0.5;
  jump = (ms: number) => (this.#now += ms);

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const alarm = { at: this.#now + ms, ring: resolve };
      this.#alarms.push(alarm);
      signal?.addEventListener("abort", () => {
        this.#alarms = this.#alarms.filter((one) => one !== alarm);
        resolve();
      });
      setImmediate(() => this.#pass());
    });
  }

  #pass(): void {
    const next = this.#alarms.toSorted((one, other) => one.at - other.at)[0];
    if (next === undefined) return;
    this.#alarms = this.#alarms.filter((one) => one !== next);
    this.#now = Math.max(this.#now, next.at);
    next.ring();
  }
}

/** Linus's seat, beaten against `replies` one by one (the last for ever). */
function stage(...replies: readonly Reply[]): Stage {
  const time = new OwnTime();
  let rejoins = 0;
  const sent: number[] = [];
  const backend = {
    url: "http://127.0.0.1:3210",
    mutate: () => {
      const reply = replies[Math.min(sent.length, replies.length - 1)] ?? "ok";
      sent.push(time.now());
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
  const beats = keepBeating({ backend, held, joined, clock: time });
  return { beats, sent, rejoins: () => rejoins, suspend: (ms) => time.jump(ms) };
}

const away = new CliError("unreachable", "No Muster backend answers.");

test("the first beat comes at a random point, the others when the backend said", async () => {
  const { beats, sent } = stage("ok", "ok", "ok", "stop");
  await beats.ended;
  expect(sent).toEqual([5_000, 15_000, 25_000, 35_000]);
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

test.each([60_000, 3_600_000, 8 * 3_600_000])(
  "a process that was suspended for %d ms beats at once, and gives a backend that is not there yet a whole lease",
  async (ms) => {
    const { beats, sent, suspend } = stage("ok", away, away, away, "ok", "stop");
    while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const woken = (sent[0] ?? 0) + ms;
    suspend(ms);

    expect(await beats.ended).toBe("stop");

    const since = sent.slice(1).map((at) => at - woken);
    expect(since[0]).toBeLessThan(2_000);
    expect(since.slice(0, 4).map((at) => at - (since[0] ?? 0))).toEqual([0, 1_000, 3_000, 7_000]);
  },
);

test("before its claim a process that was suspended beats; one that was only busy need not", async () => {
  const { beats, sent, suspend } = stage("ok");
  suspend(4_000);
  await beats.refresh();
  expect(sent).toEqual([]);
  suspend(8 * 3_600_000);
  await beats.refresh();
  expect(sent[0]).toBe(4_000 + 8 * 3_600_000);
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
