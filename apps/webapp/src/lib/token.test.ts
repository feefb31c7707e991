import { ConvexError } from "convex/values";
import { expect, test, vi } from "vitest";
import { createFetchToken } from "#lib/token.ts";
import type { Token } from "#lib/token.ts";

const HOUR = 3_600_000;

function harbor(answers: (Token | Error)[]) {
  const state = { current: true, now: 0, refused: 0, slept: [] as number[] };
  const exchange = vi.fn<() => Promise<Token>>(() => {
    const answer = answers.shift() ?? new Error("no more answers");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const fetchToken = createFetchToken({
    exchange,
    isCurrent: () => state.current,
    onRefused: () => {
      state.refused += 1;
      state.current = false;
    },
    sleep: (ms) => {
      state.slept.push(ms);
      return Promise.resolve();
    },
    now: () => state.now,
  });
  return { state, exchange, fetchToken };
}

const refused = (kind: string) => new ConvexError({ kind, message: "no" });
const token = (name: string, expiresAt = HOUR): Token => ({ token: name, expiresAt });

test("a backend that does not answer is asked again, ever more slowly, until it does", async () => {
  const down = new TypeError("fetch failed");
  const { state, fetchToken } = harbor([down, down, down, token("a")]);
  expect(await fetchToken({ forceRefreshToken: false })).toBe("a");
  expect(state.slept).toEqual([500, 1_000, 2_000]);
  expect(state.refused).toBe(0);
});

test("the wait between two tries stays under ten seconds however long the outage", async () => {
  const { state, fetchToken } = harbor([
    ...Array.from({ length: 12 }, () => new Error("down")),
    token("a"),
  ]);
  await fetchToken({ forceRefreshToken: false });
  expect(Math.max(...state.slept)).toBeLessThan(10_000);
});

test("a revoked credential ends in null, once, and signs the page out", async () => {
  const { state, exchange, fetchToken } = harbor([refused("not_signed_in")]);
  expect(await fetchToken({ forceRefreshToken: true })).toBeNull();
  expect(state.refused).toBe(1);
  expect(await fetchToken({ forceRefreshToken: true })).toBeNull();
  expect(exchange).toHaveBeenCalledTimes(1);
});

test("any other refusal may pass and does not sign anybody out", async () => {
  const { state, fetchToken } = harbor([refused("limit"), token("a")]);
  expect(await fetchToken({ forceRefreshToken: false })).toBe("a");
  expect(state.refused).toBe(0);
});

test("a token is kept until a minute before it ends", async () => {
  const { state, exchange, fetchToken } = harbor([token("a"), token("b", 2 * HOUR)]);
  expect(await fetchToken({ forceRefreshToken: false })).toBe("a");
  expect(await fetchToken({ forceRefreshToken: false })).toBe("a");
  expect(exchange).toHaveBeenCalledTimes(1);
  state.now = HOUR - 59_000;
  expect(await fetchToken({ forceRefreshToken: false })).toBe("b");
});

test("a token that the server rejected is never given again", async () => {
  const { fetchToken } = harbor([token("a"), token("b")]);
  await fetchToken({ forceRefreshToken: false });
  expect(await fetchToken({ forceRefreshToken: true })).toBe("b");
});

test("signing out ends a fetch that is still trying", async () => {
  const { state, exchange, fetchToken } = harbor([new Error("down"), token("a")]);
  exchange.mockImplementationOnce(() => {
    state.current = false;
    return Promise.reject(new Error("down"));
  });
  expect(await fetchToken({ forceRefreshToken: false })).toBeNull();
  expect(state.refused).toBe(0);
});
