import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Start } from "@muster/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { homeOf, type Home } from "../home.ts";
import { Starts } from "./starts.ts";

const URL = "http://127.0.0.1:3210";
const builder = { roomId: "harbor-id", role: "builder" };
const failed: Start = { cause: "supervisor", at: 1_000, endedAt: 2_000, startedTask: false };
const hopeless: Start = { ...failed, hopeless: true, unreached: false };
const log = () => undefined;

let home: Home;
beforeEach(async () => {
  home = homeOf({ MUSTER_HOME: await mkdtemp(join(tmpdir(), "muster-starts-")) });
});
afterEach(async () => await rm(home.root, { recursive: true, force: true }));

test("what one daemon counted the next one knows, privately, and for this backend only", async () => {
  const first = await Starts.open(home, URL, log);
  for (let at = 1; at <= 20; at += 1) first.keep(builder, [{ ...hopeless, at }]);
  await first.settled();

  const file = join(home.daemon, "starts.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await Starts.open(home, URL, log)).of(builder)).toEqual([{ ...hopeless, at: 20 }]);
  expect((await Starts.open(home, "http://127.0.0.1:1", log)).of(builder)).toEqual([]);
});

test("an agent that is taken from the machine begins anew when it comes back", async () => {
  const first = await Starts.open(home, URL, log);
  first.keep(builder, [failed]);
  first.forget(builder);
  await first.settled();
  expect((await Starts.open(home, URL, log)).of(builder)).toEqual([]);
});

test.each(["{", "[]", '{"starts":{}}', '{"starts":[{"url":1}]}'])(
  "a file that says %s keeps no daemon from starting",
  async (text) => {
    const first = await Starts.open(home, URL, log);
    first.keep(builder, [failed]);
    await first.settled();
    await writeFile(join(home.daemon, "starts.json"), text);
    expect((await Starts.open(home, URL, log)).of(builder)).toEqual([]);
  },
);

test("a disk that takes nothing is written down in the log and ends nobody", async () => {
  const said: string[] = [];
  const first = await Starts.open(home, URL, (event) => said.push(event));
  await writeFile(home.daemon, "no directory");
  first.keep(builder, [failed]);
  await first.settled();
  expect(said).toEqual(["starts not kept"]);
});
