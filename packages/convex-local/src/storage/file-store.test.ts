import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../test/engine.ts";
import { DiskFiles } from "./file-store.ts";

async function* bodyOf(text: string) {
  yield Buffer.from(text);
  await Promise.resolve();
}

async function* brokenOff() {
  yield* bodyOf("half");
  throw new Error("the sender went away");
}

test("of a body that breaks off nothing is kept", async () => {
  const directory = temporaryDirectory();
  const files = new DiskFiles(directory);
  await expect(files.receive("key", brokenOff())).rejects.toThrow("the sender went away");
  expect(readdirSync(directory)).toEqual([]);
});

test("a sweep leaves what is known", async () => {
  const directory = temporaryDirectory();
  const files = new DiskFiles(directory);
  for (const key of ["known", "orphan"]) await files.receive(key, bodyOf(key));
  files.sweep(new Set(["known"]));
  expect(readdirSync(directory)).toEqual(["known"]);
});
