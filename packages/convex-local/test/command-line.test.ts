import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { scratch, serve } from "./serve.ts";

const CONVEX = join(dirname(createRequire(import.meta.url).resolve("convex/package.json")));
const PACKAGE = join(import.meta.dirname, "..");

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

/** Runs the official command line against the deployment, with nothing of this process's environment. */
async function convex(
  ...args: string[]
): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, [join(CONVEX, "bin", "main.js"), ...args], {
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

test("convex deploy is told in one sentence that the folder is served directly", async () => {
  const { code, errors } = await convex("deploy", "--yes", "--typecheck", "disable");
  expect(code).toBe(1);
  expect(errors).toContain("takes no deployments");
});
