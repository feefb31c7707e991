import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeCredential } from "../src/backend/credential.ts";
import { homeOf } from "../src/home.ts";
import { Muster, type Around } from "./muster.ts";

let muster: Muster;
beforeAll(async () => {
  muster = new Muster();
  await muster.up([], { MUSTER_TIMING: "fast" });
  await muster.call(["room", "create", "harbor", "--team", "planner,builder"]);
  await muster.call(["send", "--room", "harbor", "--to", "planner", "a task to hold"]);
  await muster.run(["wait-for-task", "--room", "harbor", "--role", "planner"]);
});
afterAll(async () => await muster[Symbol.asyncDispose]());

const planner = ["--room", "harbor", "--role", "planner"];
const builder = ["--room", "harbor", "--role", "builder"];
const long = "x".repeat(1024 * 1024);

type Case = readonly [
  name: string,
  args: readonly string[],
  exit: number,
  kind: string,
  around?: Around,
];

const cases: readonly Case[] = [
  ["an unknown command", ["rom", "list"], 2, "usage"],
  ["an unknown option", ["room", "list", "--al"], 2, "usage"],
  ["a missing argument", ["room", "create"], 2, "usage"],
  ["a number that is none", ["messages", "--room", "harbor", "--since", "x"], 2, "usage"],
  ["no messages at all", ["messages", "--room", "harbor", "--limit", "0"], 2, "usage"],
  ["no room", ["messages"], 2, "usage"],
  ["two rooms", ["room", "show", "harbor", "--room", "dock"], 2, "usage"],
  ["no text", ["send", "--room", "harbor", " "], 2, "usage"],
  ["an address that is none", ["room", "list"], 2, "usage", { env: { MUSTER_URL: "here" } }],
  [
    "a home where none can be made",
    ["up"],
    2,
    "usage",
    { env: { MUSTER_HOME: path.join(import.meta.filename, "muster") } },
  ],
  ["a room's name that cannot be one", ["room", "create", "a/b"], 2, "invalid"],
  [
    "an entry outside the team",
    ["room", "create", "x", "--team", "a", "--entry", "b"],
    2,
    "invalid",
  ],
  ["a remote agent without a program", ["agent", "add", ...builder], 2, "usage"],
  ["an unknown room", ["messages", "--room", "nowhere"], 3, "not_found"],
  ["an unknown role", ["send", "--room", "harbor", "--to", "nobody", "hi"], 3, "not_found"],
  ["an unknown task", ["task", "show", "--room", "harbor", "nope"], 3, "not_found"],
  ["a role without an agent", ["agent", "start", ...builder], 3, "not_found"],
  [
    "a role to see that is not there",
    ["agent", "status", "--room", "harbor", "--role", "x"],
    3,
    "not_found",
  ],
  ["a role without turns", ["agent", "logs", "--room", "harbor", "--role", "x"], 3, "not_found"],
  [
    "no machine to run on",
    ["agent", "add", ...builder, "--harness", "demo", "--machine", "x"],
    3,
    "not_found",
  ],
  ["an unknown role to hand to", ["handoff", ...planner, "--to", "nobody", "hi"], 3, "not_found"],
  [
    "nobody signed in",
    ["room", "list"],
    4,
    "not_signed_in",
    { env: { MUSTER_URL: "http://127.0.0.1:1" } },
  ],
  [
    "an agent's shell without its seat",
    ["room", "list"],
    4,
    "not_signed_in",
    { env: { MUSTER_ROOM: "harbor", MUSTER_ROLE: "builder" } },
  ],
  [
    "an agent that speaks for another",
    ["task-started", ...planner],
    5,
    "not_allowed",
    { env: { MUSTER_ROLE: "builder" } },
  ],
  [
    "an agent that ends what it runs on",
    ["down"],
    5,
    "not_allowed",
    { env: { MUSTER_ROLE: "builder" } },
  ],
  ["a room of that name", ["room", "create", "harbor"], 6, "conflict"],
  ["a role that holds no task", ["task-started", ...builder], 6, "conflict"],
  ["a task that it does not hold", ["task-started", ...planner, "--task", "other"], 6, "conflict"],
  ["a text that is too long", ["send", "--room", "harbor"], 8, "too_large", { stdin: long }],
  [
    "a handoff that is too long",
    ["handoff", ...planner, "--to", "user"],
    8,
    "too_large",
    { stdin: long },
  ],
];

test.for(cases)("%s: one clear sentence", async ([, args, exit, kind, around]) => {
  const answer = await muster.call(args, around);
  expect(answer).toMatchObject({ exit, stdout: "", error: { kind } });
  expect(answer.error.message).toMatch(/^[^\n]+[.?]$/);
  expect(answer.stderr.trim().split("\n")).toHaveLength(1);
});

test("what was refused has changed nothing: the task is still held and can be handed on", async () => {
  expect((await muster.call(["task-started", ...planner])).exit).toBe(0);
  expect((await muster.call(["handoff", ...planner, "--to", "user", "done"])).exit).toBe(0);
  const again = await muster.call(["handoff", ...planner, "--to", "user", "done"]);
  expect(again).toMatchObject({ exit: 6, error: { kind: "conflict" } });
});

test("a room is named as an argument, as an option, or both", async () => {
  for (const named of [["harbor"], ["--room", "harbor"], ["harbor", "--room", "harbor"]]) {
    const shown = await muster.call(["room", "show", ...named]);
    expect(shown).toMatchObject({ exit: 0, data: { name: "harbor" } });
  }
  expect((await muster.call(["room", "show"])).error.hint).toContain("Give --room NAME");
});

test("a machine that is not there is answered with those that are", async () => {
  const { exit, error } = await muster.call(["machine", "show", "nix"]);
  expect(exit).toBe(3);
  expect(error.hint).toMatch(/^Your machines: [^,\n]+\.$/);
});

test("a role that is named twice is one role", async () => {
  const { data } = await muster.call(["room", "create", "twins", "--team", "linus,linus"]);
  expect(data).toMatchObject({ name: "twins", team: ["linus"] });
});

test("a backend that does not answer is named, with what starts it", async () => {
  const home = homeOf({ MUSTER_HOME: path.join(muster.home.root, "elsewhere") });
  const url = "http://127.0.0.1:9";
  await writeCredential(home.personCredential, { backend: url, secret: "s" });
  const env = { MUSTER_HOME: home.root, MUSTER_URL: url };
  expect(await muster.run(["room", "list"], { env })).toMatchObject({
    exit: 7,
    error: { kind: "unreachable", message: `No Muster backend answers at ${url}.` },
  });
});

test("a Muster that does not run is called that, and not a missing sign-in", async () => {
  const env = { MUSTER_HOME: path.join(muster.home.root, "nothing-runs") };
  expect(await muster.run(["room", "list"], { env })).toMatchObject({
    exit: 7,
    error: { kind: "unreachable", message: "Muster does not run on this machine." },
  });
});

test("a room or role that is not there cannot be waited in", async () => {
  const answer = await muster.run(["wait-for-task", "--room", "nowhere", "--role", "planner"]);
  expect(answer).toMatchObject({ exit: 3, error: { kind: "not_found" } });
});

test("a seat file that makes no sense is named, and how to go on", async () => {
  await muster.run(["wait-for-task", ...builder, "--timeout", "0"]);
  const dir = path.join(muster.home.seats, readdirSync(muster.home.seats)[0] ?? "");
  const file = path.join(dir, readdirSync(dir).find((name) => name.includes("builder")) ?? "");
  writeFileSync(file, "{", { mode: 0o600 });
  const { exit, error } = await muster.run(["wait-for-task", ...builder]);
  expect(exit).toBe(2);
  expect(error).toEqual({
    kind: "unreadable_file",
    message: `${file} does not hold a JSON object.`,
    hint: `Move it away and run the command again: mv ${file} ${file}.broken`,
  });
});

test("people get the sentence and the hint, and no JSON", async () => {
  const asked = muster.start(["rooom"]);
  expect(await asked.ended()).toBe(2);
  expect(asked.output).toBe("Unknown command 'rooom'.\nDid you mean room?\n");
});
