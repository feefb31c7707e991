import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { expect, onTestFinished, test } from "vitest";
import { run } from "../src/cli/commands.ts";
import { FUNCTIONS, scratch, serve } from "./serve.ts";

const { version } = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8"),
) as { version: string };

async function command(...argv: string[]) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = await run(argv, {
    print: (line) => void printed.push(line),
    complain: (line) => void complaints.push(line),
    untilStopped: async () => {},
  });
  return { code, printed: printed.join("\n"), complaints: complaints.join("\n") };
}

test("a deployment is backed up while it serves, restored elsewhere, and checked", async () => {
  const [data, backup, copy] = [scratch(), join(scratch(), "backup"), join(scratch(), "copy")];
  const harbor = await serve({ data });
  const client = new ConvexHttpClient(harbor.url);
  await client.mutation(anyApi["messages"]!["send"]!, { room: "harbor", text: "hello" });
  expect(await command("backup", backup, "--data", data)).toMatchObject({
    code: 0,
    printed: expect.stringMatching(/^Backed up \d+ documents and 0 files\.$/) as string,
  });
  expect(await command("restore", backup, "--data", copy)).toMatchObject({ code: 0 });
  expect(await command("check", "--data", copy)).toMatchObject({
    code: 0,
    printed: expect.stringMatching(/all well\.$/) as string,
  });
  expect(await command("restore", backup, "--data", data)).toMatchObject({
    code: 1,
    complaints: expect.stringMatching(/is not empty, and nothing is overwritten/) as string,
  });
});

test("a damaged directory is told of with an exit code of its own", async () => {
  const data = scratch();
  await (await serve({ data })).close();
  const database = new DatabaseSync(join(data, "data.sqlite"));
  database.exec("INSERT INTO entries VALUES (999999, x'01', 1)");
  database.close();
  expect(await command("check", "--data", data)).toEqual({
    code: 3,
    printed: expect.stringMatching(/: 1 wrong\.$/) as string,
    complaints: "1 entries are of no index.",
  });
});

test.each([
  [[], 2, /convex-local start <functions>/],
  [["sail"], 2, /There is no command "sail"/],
  [["start"], 2, /Name the functions folder, once/],
  [["start", "a", "b"], 2, /Name the functions folder, once/],
  [["start", FUNCTIONS, "--port", "99999"], 2, /"99999" is not a port/],
  [["start", FUNCTIONS, "--query-workers", "-1"], 2, /--query-workers/],
  [["start", FUNCTIONS, "--query-workers", "many"], 2, /"many" is not a number of query workers/],
  [["start", FUNCTIONS, "--sails"], 2, /sails/],
  [["backup"], 2, /Name a directory, once/],
  [["check", "there"], 2, /no directory but --data/],
  [["check", "--data", "/nowhere"], 1, /There is no database at \/nowhere/],
  [["start", FUNCTIONS, "--static", "/nowhere"], 2, /There is no directory \/nowhere to serve/],
  [
    ["start", FUNCTIONS, "--data", ":memory:", "--host", "1.2.3.4"],
    1,
    /This computer refuses: listen EADDRNOTAVAIL/,
  ],
  [["help"], 0, /convex-local check/],
  [["--help"], 0, /convex-local check/],
  [["start", "--help"], 0, /^convex-local start <functions>/],
  [["start", FUNCTIONS, "-h"], 0, /^convex-local start <functions>/],
  [["backup", "--help"], 0, /convex-local backup <target>/],
  [["--version"], 0, new RegExp(`^convex-local ${version}$`)],
])("%j ends with %d", async (argv, code, said) => {
  const result = await command(...argv);
  expect(result.code).toBe(code);
  expect(`${result.printed}${result.complaints}`).toMatch(said);
});

test("a folder without functions, or a directory in use, is one sentence and not a trace", async () => {
  const data = scratch();
  const missing = join(data, "nothing");
  expect(
    await command("start", missing, "--data", ":memory:", "--port", "0", "--site-port", "0"),
  ).toMatchObject({
    code: 1,
    complaints: `The functions folder ${missing} cannot be read.`,
  });
  await serve({ data });
  expect(
    await command("start", FUNCTIONS, "--data", data, "--port", "0", "--site-port", "0"),
  ).toMatchObject({
    code: 1,
    complaints: expect.stringMatching(/is in use by process \d+\. Stop it first/) as string,
  });
});

const newer = (bytes: Buffer) => void bytes.writeUInt32BE(99, 60);
const foreign = (bytes: Buffer) => void bytes.write("garbage", 0);
const torn = (bytes: Buffer) => void bytes.fill(0xa5, 4096);

/** A directory of data, with what is in its database changed by `damage`. */
async function damaged(damage: (bytes: Buffer) => void) {
  const data = scratch();
  await (await serve({ data })).close();
  const file = join(data, "data.sqlite");
  const bytes = readFileSync(file);
  damage(bytes);
  writeFileSync(file, bytes);
  return data;
}

test("what cannot be read is one sentence that says what to do, in every command, and the directory stays as it is", async () => {
  for (const [damage, said] of [
    [newer, /was written by a newer version .* Use that version, or choose another data directory/],
    [
      foreign,
      /is not a database of this runtime, or it is damaged; it was left untouched\. Choose/,
    ],
    [torn, /is damaged or cannot be read \(.*\)\. Choose another data directory, or make one from/],
  ] as const) {
    const data = await damaged(damage);
    rmSync(join(data, "admin-key"));
    const before = readFileSync(join(data, "data.sqlite"));
    const elsewhere = join(scratch(), "elsewhere");
    for (const argv of [
      ["start", FUNCTIONS, "--data", data, "--port", "0", "--site-port", "0"],
      ["check", "--data", data],
      ["backup", elsewhere, "--data", data],
      ["restore", data, "--data", elsewhere],
    ]) {
      const { code, complaints } = await command(...argv);
      expect(complaints).toMatch(said);
      expect(complaints).not.toContain("\n");
      expect(code).toBe(damage === torn && argv[0] === "check" ? 3 : 1);
    }
    expect(readFileSync(join(data, "data.sqlite")).equals(before)).toBe(true);
    expect(existsSync(join(data, "admin-key"))).toBe(false);
    expect(existsSync(elsewhere)).toBe(false);
  }
});

test("the program serves until it is told to end, and then ends well", async () => {
  const main = join(import.meta.dirname, "..", "src", "main.ts");
  const options = ["--data", scratch(), "--port", "0", "--site-port", "0"];
  const child = spawn(process.execPath, ["--no-warnings", main, "start", FUNCTIONS, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(line.toString()) ?? [];
  expect(await (await fetch(`${url}/version`)).text()).toMatch(/^convex-local /);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});
