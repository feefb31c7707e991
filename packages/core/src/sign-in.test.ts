import { expect, test } from "vitest";
import { isRedeemable } from "./sign-in.ts";

test("a sign-in code works until its last moment and with its last try, and not after", () => {
  expect(isRedeemable({ triesLeft: 1, expiresAt: 100 }, 99)).toBe(true);
  expect(isRedeemable({ triesLeft: 1, expiresAt: 100 }, 100)).toBe(false);
  expect(isRedeemable({ triesLeft: 0, expiresAt: 100 }, 0)).toBe(false);
});
