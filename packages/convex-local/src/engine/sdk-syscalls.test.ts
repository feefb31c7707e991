import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { REFUSED } from "./refusal.ts";

const SDK = dirname(createRequire(import.meta.url).resolve("convex/server"));
const OWN = ["syscalls.ts", "actions.ts", "action-modules.ts", "../realm/prelude/streams.ts"];
const CALL = /["'`]((?:1\.0|storage)\/[\w/]+|requestFromConvexJson|convexJsonFromResponse)["'`]/g;

function callsIn(text: string): string[] {
  return Array.from(text.matchAll(CALL), ([, name = ""]) => name);
}

/** The names by which the installed SDK calls its host, in the build that functions import. */
function callsOfSdk(): string[] {
  const folder = join(SDK, "..", "..", "esm", "server");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) => callsIn(readFileSync(join(folder, file), "utf8")));
}

test("every call that the SDK makes to its host is answered or refused by name", () => {
  const answered = OWN.flatMap((file) =>
    callsIn(readFileSync(join(import.meta.dirname, file), "utf8")),
  );
  const known = new Set([...answered, ...Object.keys(REFUSED)]);
  const called = new Set(callsOfSdk());
  expect(called.size).toBeGreaterThan(30);
  expect([...called].filter((name) => !known.has(name))).toEqual([]);
});
