import { stat } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Muster } from "./muster.ts";

let muster: Muster;

beforeAll(() => {
  muster = new Muster();
});

afterAll(async () => await muster[Symbol.asyncDispose]());

test("the owner of a machine adds a program to it, sees it, and takes it back", async () => {
  // What stands behind the dashes is the program's, also where it looks like ours.
  const command = ["--json", "--", "gemini", "--acp"];
  const added = await muster.call(["machine", "harness", "add", "gemini", ...command]);
  const argv = ["gemini", "--acp", "--json"];
  expect(added.data).toEqual({ name: "gemini", adapter: "acp", argv });
  const file = path.join(muster.home.root, "harnesses.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  const listed = await muster.call(["machine", "harness", "list"]);
  expect(listed.data["items"]).toContainEqual({ name: "gemini", version: "unknown" });

  expect((await muster.call(["machine", "harness", "remove", "gemini"])).exit).toBe(0);
  expect((await muster.call(["machine", "harness", "remove", "gemini"])).error).toMatchObject({
    kind: "not_found",
  });
});

test("an agent cannot choose what its machine runs", async () => {
  const env = { MUSTER_ROOM: "harbor", MUSTER_ROLE: "linus" };
  const add = ["machine", "harness", "add", "sh", "sh"];

  expect((await muster.call(add, { env })).error).toEqual({
    kind: "not_allowed",
    message: "This shell is linus's: it cannot change which programs its machine runs.",
  });
});

test("a name that is taken, and a harness without a command, are refused", async () => {
  const demo = await muster.call(["machine", "harness", "add", "demo", "sh"]);
  expect(demo.error.message).toBe('"demo" cannot be a harness\'s name.');

  expect((await muster.call(["machine", "harness", "add", "gemini"])).exit).toBe(2);
});
