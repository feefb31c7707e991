import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { expect, onTestFinished, test } from "vitest";
import { run } from "../src/cli/commands.ts";
import { FUNCTIONS, scratch, serve } from "./serve.ts";

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
  [["start", FUNCTIONS, "--sails"], 2, /sails/],
  [["backup"], 2, /Name a directory, once/],
  [["check", "there"], 2, /no directory but --data/],
  [["check", "--data", "/nowhere"], 1, /There is no database at \/nowhere/],
  [["--help"], 0, /convex-local check/],
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
