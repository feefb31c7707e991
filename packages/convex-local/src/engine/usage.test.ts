import { expect, test } from "vitest";
import { Usage } from "./usage.ts";

test("a transaction ends with the first read beyond the limit", () => {
  const usage = new Usage();
  usage.add("documentsRead", 32_000);
  expect(() => usage.add("documentsRead", 1)).toThrow(/Too many documents read .*32000/);
});

test("a nested call has the limits that it was given, but never more than are left", () => {
  const usage = new Usage();
  usage.add("databaseQueries", 4_000);
  const tighter = { databaseQueries: 2, documentsWritten: 1e9 };
  expect(() => usage.within(tighter, () => usage.add("databaseQueries", 3))).toThrow(
    /Too many reads/,
  );
  usage.within(tighter, () => {
    expect(usage.metrics().documentsWritten).toEqual({ used: 0, remaining: 16_000 });
  });
  usage.add("databaseQueries", 93);
  expect(usage.metrics().databaseQueries).toEqual({ used: 4_096, remaining: 0 });
});
