import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { homeOf } from "../home.ts";
import type { Home } from "../home.ts";
import { findAdapter } from "./find.ts";
import { readHarnesses } from "./harnesses.ts";

let home: Home;

beforeEach(async () => {
  home = homeOf({ MUSTER_HOME: await mkdtemp(join(tmpdir(), "muster-harnesses-")) });
});

afterEach(async () => await rm(home.root, { recursive: true }));

async function configure(value: unknown): Promise<void> {
  await writeFile(join(home.root, "harnesses.json"), JSON.stringify(value), { mode: 0o600 });
}

test("a machine without configuration lets agents work anywhere", async () => {
  expect(await readHarnesses(home)).toEqual({
    harnesses: [],
    roots: [],
  });
});

test("what a room calls a harness is looked up on the machine and is never a program itself", async () => {
  await configure({ harnesses: { claude: { argv: ["claude", "-p"] } } });
  const place = { workingDir: home.root, environment: { PATH: "/usr/bin" } };
  const memory = { recall: () => null, keep: () => undefined, forget: () => undefined } as never;
  const wanted = { model: null, role: "builder", place, memory, tools: () => [] };

  await expect(findAdapter(home, { ...wanted, name: "/bin/sh" })).rejects.toThrow(
    "This machine has no harness called /bin/sh; it has demo, claude.",
  );
});

test.each([
  ["a command as one string", { harnesses: { claude: { argv: "claude -p" } } }, "harnesses.claude"],
  ["no program", { harnesses: { claude: { argv: [] } } }, "harnesses.claude"],
  ["the demo's name", { harnesses: { demo: { argv: ["sh"] } } }, "harnesses.demo"],
  ["a timeout that is none", { harnesses: { c: { argv: ["c"], timeoutMs: -1 } } }, "harnesses.c"],
  ["roots that are no list", { roots: "/srv" }, "roots"],
])("%s is refused, and the place is named", async (_what, value, place) => {
  await configure(value);

  await expect(readHarnesses(home)).rejects.toThrow(`makes no sense at "${place}"`);
});

test("a configuration that others can change names no program", async () => {
  await configure({ harnesses: { claude: { argv: ["claude"] } } });
  await chmod(join(home.root, "harnesses.json"), 0o666);

  await expect(readHarnesses(home)).rejects.toThrow("can be read or changed by other users");
});
