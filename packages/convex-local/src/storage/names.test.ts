import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../test/engine.ts";
import { makeDirectory } from "./names.ts";

test("a directory is made with what is missing above it, for its owner alone, and made again it stays", () => {
  const path = join(temporaryDirectory(), "a", "b", "c");
  makeDirectory(path);
  makeDirectory(path);
  for (const made of [path, join(path, "..")]) expect(statSync(made).mode & 0o777).toBe(0o700);
});

test.runIf(existsSync("/proc/self"))(
  "where the system lets nobody make anything, it says so instead of trying for ever",
  () => {
    expect(() => makeDirectory("/proc/self/muster")).toThrow(/ENOENT|EACCES|EPERM/);
  },
);
