import { expect, test } from "vitest";
import { draw } from "./rate.ts";
import type { Bucket } from "./rate.ts";

const rate = { burst: 3, perMinute: 6 };

test("a burst is granted, then it is said how long to wait, and after that one more is granted", () => {
  let bucket: Bucket | null = null;
  for (let drawn = 0; drawn < 3; drawn += 1) {
    const answer = draw(rate, bucket, 0);
    if (!("bucket" in answer)) throw new Error("refused within the burst");
    ({ bucket } = answer);
  }
  expect(draw(rate, bucket, 0)).toEqual({ waitMs: 10_000 });
  expect(draw(rate, bucket, 9_999)).toEqual({ waitMs: 1 });
  expect(draw(rate, bucket, 10_000)).toEqual({ bucket: { tokens: 0, at: 10_000 } });
});

test("however long nobody comes, no more than the burst is saved", () => {
  expect(draw(rate, { tokens: 0, at: 0 }, 3_600_000)).toEqual({
    bucket: { tokens: 2, at: 3_600_000 },
  });
});

test("a clock that goes back fills nothing and takes nothing away", () => {
  expect(draw(rate, { tokens: 2, at: 1_000 }, 0)).toEqual({ bucket: { tokens: 1, at: 0 } });
});
