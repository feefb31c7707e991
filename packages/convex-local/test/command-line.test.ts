import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, makeFunctionReference } from "convex/server";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { scratch, serve } from "./serve.ts";

const CONVEX = join(dirname(createRequire(import.meta.url).resolve("convex/package.json")));
const PACKAGE = join(import.meta.dirname, "..");

/** Milliseconds that a program may take to begin, on a machine that has much else to do. */
const LONG = 15_000;

let harbor: RunningDeployment;
let project: string;

beforeEach(async () => {
  harbor = await serve();
  project = scratch();
  mkdirSync(join(project, "convex"));
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "harbor", type: "module", dependencies: { convex: "*" } }),
  );
  symlinkSync(join(PACKAGE, "node_modules"), join(project, "node_modules"));
});

/** The official command line against the deployment, with nothing of this process's environment. */
function spawnConvex(args: readonly string[]) {
  return spawn(process.execPath, [join(CONVEX, "bin", "main.js"), ...args], {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: project,
      CI: "1",
      CONVEX_SELF_HOSTED_URL: harbor.url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: harbor.adminKey,
    },
  });
}

/** A command that goes on until it is killed, and what it has said so far. */
function follow(...args: string[]) {
  const child = spawnConvex(args);
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return { child, seen: () => said };
}

async function convex(
  ...args: string[]
): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawnConvex(args);
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  return { code, output, errors };
}

test("convex run calls public and internal functions and prints their value", async () => {
  const message = JSON.stringify({ room: "harbor", text: "hello" });
  expect(await convex("run", "messages:send", message)).toMatchObject({ code: 0 });
  const { output } = await convex("run", "messages:texts", '{"room":"harbor"}');
  expect(JSON.parse(output)).toEqual(["hello"]);
  expect((await convex("run", "messages:clear", '{"room":"harbor"}')).output.trim()).toBe("1");
});

test("convex run lists the functions when the name is wrong", async () => {
  const { code, errors } = await convex("run", "messages:nothing");
  expect(code).toBe(1);
  expect(errors).toContain("send");
});

test("convex env sets, lists and removes what functions then see", async () => {
  expect(await convex("env", "set", "TIDE", "high")).toMatchObject({ code: 0 });
  expect((await convex("env", "list")).output).toContain("TIDE=high");
  expect((await convex("run", "jobs:settings", '{"name":"TIDE"}')).output.trim()).toBe('"high"');
  expect(await convex("env", "remove", "TIDE")).toMatchObject({ code: 0 });
  expect((await convex("env", "list")).output).not.toContain("TIDE");
});

test("convex codegen writes what it writes for any deployment", async () => {
  writeFileSync(join(project, "convex", "messages.ts"), "export const nothing = 1;\n");
  const { code, errors } = await convex("codegen", "--typecheck", "disable");
  expect({ code, errors }).toMatchObject({ code: 0 });
  const api = readFileSync(join(project, "convex", "_generated", "api.d.ts"), "utf8");
  expect(api).toContain("messages: typeof messages");
  const server = readFileSync(join(project, "convex", "_generated", "server.d.ts"), "utf8");
  expect(server).toContain("readonly TIDE: string | undefined;");
});

const FIRST_FUNCTIONS = {
  "messages.ts": `
    import { api } from "./_generated/api";
    import { Doc } from "./_generated/dataModel";
    import { env, mutation, query } from "./_generated/server";
    export const send = mutation({ handler: (ctx) => ctx.db.insert("messages", { text: "hello" }) });
    export const texts = query({
      handler: async (ctx) => (await ctx.db.query("messages").collect()).map(({ text }: Doc<"messages">) => text),
    });
    export const url = query({ handler: (ctx) => env.CONVEX_CLOUD_URL });
    export const again = query({ handler: (ctx) => ctx.runQuery(api.messages.texts) });
  `,
  "ashore/signal.ts": `
    "use node";
    import { internal } from "../_generated/api.js";
    import { action } from "../_generated/server.js";
    export const give = action({ handler: (ctx) => ctx.runMutation(internal.messages.send) });
  `,
};

test("a folder without _generated is served, and convex codegen writes it meanwhile", async () => {
  const functions = join(project, "convex");
  mkdirSync(join(functions, "ashore"));
  for (const [file, text] of Object.entries(FIRST_FUNCTIONS)) {
    writeFileSync(join(functions, file), text);
  }
  const said: string[] = [];
  const onLog = (line: string) => void said.push(line);
  const answers = async () => {
    harbor = await serve({ functions, onLog });
    const client = new ConvexHttpClient(harbor.url);
    await client.action(makeFunctionReference<"action">("ashore/signal:give"));
    const ask = async (name: string) => await client.query(makeFunctionReference<"query">(name));
    return [await ask("messages:again"), await ask("messages:url")];
  };
  expect(await answers()).toEqual([["hello"], harbor.url]);
  expect(said).toEqual([
    expect.stringMatching(
      /_generated is missing\. The functions run without it; .*codegen` writes/,
    ),
  ]);
  expect(await convex("codegen", "--typecheck", "disable")).toMatchObject({ code: 0 });
  const api = readFileSync(join(functions, "_generated", "api.d.ts"), "utf8");
  expect(api).toContain('"ashore/signal": typeof ashore_signal');
  expect(await answers()).toEqual([["hello"], harbor.url]);
  expect(said).toHaveLength(1);
});

test("convex function-spec and convex data show functions, tables and rows", async () => {
  const { output } = await convex("function-spec");
  expect(JSON.parse(output)).toMatchObject({
    url: harbor.url,
    functions: expect.arrayContaining([
      expect.objectContaining({ identifier: "messages.js:send", functionType: "Mutation" }),
    ]) as unknown,
  });
  for (const text of ["one", "two", "three"]) {
    await new ConvexHttpClient(harbor.url).mutation(anyApi["messages"]!["send"]!, {
      room: "harbor",
      text,
    });
  }
  expect((await convex("data")).output).toBe("messages\nruns\n");
  const rows = await convex("data", "messages", "--limit", "2", "--format", "jsonLines");
  expect(rows.output.match(/"text": "\w+"/g)).toEqual(['"text": "three"', '"text": "two"']);
  expect((await convex("data", "_files")).errors).toContain("There are no documents in this table");
});

test("convex logs follows what functions print and how they fail, wherever they are called from", async () => {
  const { child, seen } = follow("logs", "--history", "0", "--success");
  await vi.waitUntil(() => seen().includes("Watching logs"), LONG);
  const client = new ConvexHttpClient(harbor.url, { logger: false });
  await vi.waitUntil(
    async () => {
      await client.mutation(anyApi["messages"]!["send"]!, { room: "harbor", text: "hello" });
      return /M\(messages:send\)\] Function executed in \d+ ms/.test(seen());
    },
    { timeout: LONG, interval: 100 },
  );
  await expect(client.query(anyApi["messages"]!["fail"]!, {})).rejects.toThrow("closed");
  await client.action(anyApi["printing"]!["announce"]!, {});
  await fetch(`${harbor.siteUrl}/shout`, { method: "POST" });
  await vi.waitUntil(() => seen().includes("H(POST /shout)"), LONG);
  expect(seen()).toMatch(/Q\(messages:fail\)\] \[Request ID: \w+\] Server Error/);
  expect(seen()).toMatch(/A\(printing:announce\)\] \[LOG\] 'announcing'/);
  expect(seen()).toMatch(/M\(printing:warn\)\] \[WARN\] 'from within'/);
  expect(seen()).toMatch(/H\(POST \/shout\)\] \[LOG\] 'shouting'/);
  child.kill("SIGKILL");
});

test("convex network-test finds the deployment in order", async () => {
  const { code, errors } = await convex("network-test");
  expect({ code, errors }).toMatchObject({ code: 0 });
});

/** What is refused today, and the one sentence that says what to do instead. None of it is tried again and again. */
test.each([
  [["deploy", "--yes", "--typecheck", "disable"], "save the files there, and they are live"],
  [["dev", "--once", "--typecheck", "disable"], "save the files there, and they are live"],
  [["export", "--path", "harbor.zip"], "`convex-local backup <directory>` copies"],
  [["import", "--table", "messages", "rows.jsonl", "--yes"], "`convex-local restore <backup>`"],
  [["run", "--component", "sail", "messages:texts", "{}"], "Components are not available"],
])("convex %j is told in one sentence what to do instead", async (args, sentence) => {
  writeFileSync(join(project, "rows.jsonl"), '{"room":"harbor","text":"hello"}\n');
  const { code, errors } = await convex(...args);
  expect(code).toBe(1);
  expect(errors).toContain(sentence);
  expect(errors).not.toMatch(/Retrying|\n\s+at /);
});
