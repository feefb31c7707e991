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

const MAIN = join(import.meta.dirname, "..", "src", "main.ts");
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
    // A cron of the folder may have written one, too.
    printed: expect.stringMatching(/^Backed up (1 document|2 documents) and 0 files\.$/) as string,
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
    printed: "0 documents, 1 index entry, 0 files: 1 fault.",
    complaints: "Entries of no index: 1.",
  });
});

test.each([
  [[], 2, /convex-local start <functions>/],
  [["sail"], 2, /There is no command "sail"/],
  [["start"], 2, /Name the functions folder, once/],
  [["start", "a", "b"], 2, /Name the functions folder, once/],
  [["start", FUNCTIONS, "--port", "99999"], 2, /"99999" is not a port/],
  [["start", FUNCTIONS, "--query-workers", "-1"], 2, /"-1" is not a number of query workers/],
  [["start", FUNCTIONS, "--query-workers", "many"], 2, /"many" is not a number of query workers/],
  [["start", FUNCTIONS, "--sails"], 2, /^There is no option --sails here\. See `.*--help`\.$/],
  [["start", FUNCTIONS, "-s"], 2, /^There is no option -s here\./],
  [["start", FUNCTIONS, "--watch=yes"], 2, /^--watch takes no value\./],
  [["start", FUNCTIONS, "--data"], 2, /^--data needs a value\./],
  [["start", FUNCTIONS, "--data", "--watch"], 2, /^--data needs a value\./],
  [["start", FUNCTIONS, "--data", MAIN], 1, /main\.ts is not a directory\. Choose another data/],
  [["check", "--data", MAIN], 1, /There is no database at .*main\.ts/],
  [["backup"], 2, /Name a directory, once/],
  [["check", "there"], 2, /no directory but --data/],
  [["check", "--data", "/nowhere"], 1, /There is no database at \/nowhere\/.* Name a directory/],
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

test("a folder without functions, or a directory or port in use, is one sentence and not a trace", async () => {
  const data = scratch();
  const missing = join(data, "nothing");
  expect(
    await command("start", missing, "--data", ":memory:", "--port", "0", "--site-port", "0"),
  ).toMatchObject({
    code: 1,
    complaints: `The functions folder ${missing} cannot be read.`,
  });
  const { url } = await serve({ data });
  const held = new URL(url).port;
  expect(
    await command("start", FUNCTIONS, "--data", ":memory:", "--port", "0", "--site-port", held),
  ).toMatchObject({
    code: 1,
    complaints: `Port ${held} is in use by another program. Stop that program, or choose other ports with --port and --site-port.`,
  });
  expect(await command("start", missing, "--data", ":memory:", "--port", held)).toMatchObject({
    complaints: `The functions folder ${missing} cannot be read.`,
  });
  expect(
    await command("start", FUNCTIONS, "--data", data, "--port", "0", "--site-port", "0"),
  ).toMatchObject({
    code: 1,
    complaints: expect.stringMatching(/is in use by process \d+\. Stop it first/) as string,
  });
});

/** A directory of data, with its database changed by `damage`. */
async function damaged(damage: (database: Buffer) => Buffer | string) {
  const data = scratch();
  await (await serve({ data })).close();
  const file = join(data, "data.sqlite");
  writeFileSync(file, damage(readFileSync(file)));
  rmSync(join(data, "admin-key"));
  return data;
}

const UNREADABLE =
  /is damaged or cannot be read \(.*\)\. Choose another data directory, or make one/;
const FOREIGN =
  /is not a database of this runtime, or it is damaged; it was left untouched\. Choose/;
const NEWER =
  /was written by a newer version .* Use that version, or choose another data directory/;

function withFormat(format: number) {
  return (bytes: Buffer) => {
    bytes.writeUInt32BE(format, 60);
    return bytes;
  };
}

/** As a fault of the disk would leave a list of fields: as long as before, and no list. */
function withoutLists(bytes: Buffer) {
  return Buffer.from(
    bytes.toString("latin1").replaceAll('["_creationTime', '{"_creationTime'),
    "latin1",
  );
}

test.each([
  ["of a newer version", withFormat(99), NEWER, 1],
  ["of no version", withFormat(0), FOREIGN, 3],
  ["with another header", (bytes: Buffer) => bytes.fill("garbage", 0, 7), FOREIGN, 3],
  ["that is empty", () => "", FOREIGN, 3],
  ["that is a text", () => "not a database, but as long as one. ".repeat(99), FOREIGN, 3],
  ["cut off in its second page", (bytes: Buffer) => bytes.subarray(0, 5_000), UNREADABLE, 3],
  ["cut off after its second page", (bytes: Buffer) => bytes.subarray(0, 8_192), UNREADABLE, 3],
  ["with other pages", (bytes: Buffer) => bytes.fill(0xa5, 4_096), UNREADABLE, 3],
  ["with rows that are no lists", withoutLists, UNREADABLE, 3],
])(
  "a database %s is one sentence that says what to do, in every command, and stays as it is",
  async (_, damage, said, code) => {
    const data = await damaged(damage);
    const before = readFileSync(join(data, "data.sqlite"));
    const elsewhere = join(scratch(), "elsewhere");
    for (const argv of [
      ["start", FUNCTIONS, "--data", data, "--port", "0", "--site-port", "0"],
      ["check", "--data", data],
      ["backup", elsewhere, "--data", data],
      ["restore", data, "--data", elsewhere],
    ]) {
      const { complaints, ...result } = await command(...argv);
      expect(complaints).toMatch(said);
      expect(complaints).not.toContain("\n");
      expect(result.code).toBe(code);
    }
    expect(readFileSync(join(data, "data.sqlite")).equals(before)).toBe(true);
    expect(existsSync(join(data, "admin-key"))).toBe(false);
    expect(existsSync(elsewhere)).toBe(false);
  },
);

test("the program serves until it is told to end, and then ends well", async () => {
  const options = ["--data", scratch(), "--port", "0", "--site-port", "0"];
  const child = spawn(process.execPath, ["--no-warnings", MAIN, "start", FUNCTIONS, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(line.toString()) ?? [];
  expect(await (await fetch(`${url}/version`)).text()).toMatch(/^convex-local /);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});
