import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AdminKeyError, checkAdminKey, isAdminKey, keepAdminKey } from "./admin-key.ts";

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "admin-key-"));
});

afterEach(() => rmSync(data, { recursive: true }));

test("the key is made once and readable by its owner only", () => {
  const key = keepAdminKey(join(data, "store"), "harbor");
  expect(key).toMatch(/^harbor\|[0-9a-f]{64}$/);
  expect(keepAdminKey(join(data, "store"), "harbor")).toBe(key);
  expect(statSync(join(data, "store", "admin-key")).mode & 0o777).toBe(0o600);
  expect(statSync(join(data, "store")).mode & 0o777).toBe(0o700);
});

test("a key that others can read is refused instead of used", () => {
  keepAdminKey(data, "harbor");
  chmodSync(join(data, "admin-key"), 0o644);
  expect(() => keepAdminKey(data, "harbor")).toThrow(/chmod 600/);
});

test.each(["", "harbor", "harbor|", "harbor|short", `harbor|${"x".repeat(40)}|more`, "|"])(
  "%j is too weak to start with",
  (key) => {
    expect(() => checkAdminKey(key)).toThrow(AdminKeyError);
  },
);

test("only the whole key is the key", () => {
  const key = keepAdminKey(data, "harbor");
  expect(isAdminKey(key, key)).toBe(true);
  for (const other of ["", "undefined", key.slice(0, -1), `${key}x`, key.repeat(1_000)]) {
    expect(isAdminKey(other, key)).toBe(false);
  }
});
