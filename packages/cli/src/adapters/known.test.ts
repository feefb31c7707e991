import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { homeOf } from "../home.ts";
import type { Home } from "../home.ts";
import { addHarness, readHarnesses, removeHarness } from "./harnesses.ts";
import { foundFingerprint, foundHarnesses } from "./known.ts";

const missing = {
  name: "opencode",
  version: "none",
  problem: {
    message: "opencode is not installed on this machine",
    command: "npm install --global opencode-ai",
  },
};
let home: Home;

beforeEach(async () => {
  home = homeOf({ MUSTER_HOME: await mkdtemp(join(tmpdir(), "muster-known-")) });
});

afterEach(async () => await rm(home.root, { recursive: true }));

/** What is found on a path with this `opencode` on it; the shell's own programs are there, too. */
async function found(opencode?: string) {
  if (opencode !== undefined) {
    const file = join(home.root, "opencode");
    await writeFile(file, `#!/bin/sh\n${opencode}\n`);
    await chmod(file, 0o755);
  }
  const env = { PATH: [home.root, "/usr/bin", "/bin"].join(delimiter) };
  return { env, items: await foundHarnesses({ home, env }) };
}

test("a machine has the demo, and says of what it lacks how to get it", async () => {
  expect((await found()).items).toEqual([{ name: "demo", version: "1" }, missing]);
});

test("a program on the path is found with its version", async () => {
  const { items } = await found('[ "$1" = --version ] && echo 1.18.33');

  expect(items).toContainEqual({ name: "opencode", version: "1.18.33" });
});

test("a program that is too old, and one that does not tell, are said to be so", async () => {
  expect((await found("echo opencode v0.15.2")).items.at(-1)).toEqual({
    name: "opencode",
    version: "0.15.2",
    problem: {
      message: "opencode 0.15.2 is too old: Muster needs 1.18 or newer",
      command: "opencode upgrade",
    },
  });
  expect((await found("echo broken >&2; exit 1")).items.at(-1)?.problem?.message).toBe(
    "opencode is installed, but does not tell its version",
  );
});

test("what the owner configures replaces what is known, and can be taken back", async () => {
  await addHarness(home, { name: "opencode", adapter: "acp", argv: ["my-opencode", "acp"] });
  await addHarness(home, { name: "claude", adapter: "command", argv: ["claude", "-p"] });

  expect((await found()).items.map(({ name }) => name)).toEqual(["demo", "opencode", "claude"]);
  expect((await readHarnesses(home)).harnesses.at(-1)).toMatchObject({ adapter: "command" });

  expect(await removeHarness(home, "opencode")).toBe(true);
  expect(await removeHarness(home, "opencode")).toBe(false);
  expect((await found()).items).toContainEqual(missing);
});

test.each(["demo", "Claude", "../claude", "-x", ""])("%j is no harness's name", async (name) => {
  await expect(addHarness(home, { name, adapter: "acp", argv: ["x"] })).rejects.toThrow(
    "cannot be a harness's name",
  );
});

test("the daemon notices that a program was installed or configured, and nothing else", async () => {
  const { env } = await found();
  const before = await foundFingerprint({ home, env });
  expect(await foundFingerprint({ home, env })).toBe(before);

  await addHarness(home, { name: "claude", adapter: "command", argv: ["claude", "-p"] });
  const configured = await foundFingerprint({ home, env });
  expect(configured).not.toBe(before);

  await found("echo 1.18.33");
  expect(await foundFingerprint({ home, env })).not.toBe(configured);
});
