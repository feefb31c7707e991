import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
/** The types of the whole package are made, too. */
const BUILD_TIMEOUT = 60_000;

const MESSAGES = `
import { mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";
export const send = mutationGeneric({
  args: { text: v.string() },
  handler: async (ctx, { text }) => void (await ctx.db.insert("messages", { text })),
});
export const texts = queryGeneric({
  args: {},
  handler: async (ctx) => (await ctx.db.query("messages").collect()).map(({ text }) => text),
});
export const fail = queryGeneric({
  args: {},
  handler: async () => {
    throw new Error("no");
  },
});
`;

const EMBEDDING = `
import { start, EngineError, type RunningDeployment } from "convex-local";
import { MemoryDisk } from "convex-local/in-process";
export const disk: MemoryDisk = new MemoryDisk();
export const harbor: Promise<RunningDeployment> = start({ functions: "./convex", data: "./data" });
export const isHeld = (error: unknown) => error instanceof EngineError && error.kind === "data_held";
// @ts-expect-error: a port is a number
void start({ functions: "./convex", data: "./data", port: "3210" });
`;

/** Serves the folder with its queries in a worker, asks once, and says what came of it. */
const SHARING = `
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { start } from "convex-local";
let workers = 0;
process.on("worker", () => (workers += 1));
const said = [];
const deployment = await start({
  functions: "./convex",
  data: "./shared",
  port: 0,
  sitePort: 0,
  queryWorkers: 1,
  forceQueryWorkers: true,
  onLog: (line) => said.push(line),
});
const client = new ConvexHttpClient(deployment.url, { logger: false });
await client.mutation(anyApi.messages.send, { text: "hello" });
const texts = await client.query(anyApi.messages.texts, {});
await deployment.close();
console.log(JSON.stringify({ workers, texts, said }));
`;

interface Published {
  readonly bin: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
}

let project: string;
let installed: string;
let manifest: Published;

/** Packs the package and unpacks it into an empty project, with its dependencies, and only those, beside it. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "convex-local-"));
  const dist = join(project, "dist");
  execFileSync(process.execPath, [join(ROOT, "publish", "build.ts"), dist]);
  const packed = execFileSync("npm", ["pack", "--offline", "--ignore-scripts", "--silent", dist], {
    cwd: project,
    encoding: "utf8",
  });
  installed = join(project, "node_modules", "convex-local");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", packed.trim(), "-C", installed, "--strip-components=1"], {
    cwd: project,
  });
  manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Published;
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    symlinkSync(realpathSync(join(ROOT, "node_modules", name)), join(dirname(installed), name));
  }
  mkdirSync(join(project, "convex"));
  writeFileSync(join(project, "convex", "messages.ts"), MESSAGES);
}, BUILD_TIMEOUT);

afterAll(() => rmSync(project, { recursive: true, force: true }));

const program = () => join(installed, manifest.bin["convex-local"] ?? "");

function command(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program(), ...argv], {
    cwd: project,
    encoding: "utf8",
  });
  return { status, said: stdout + stderr };
}

/** What `convex-local start` serves, to its end. */
async function served(work: (url: string) => Promise<void>): Promise<void> {
  const options = ["./convex", "--port", "0", "--site-port", "0"];
  const child = spawn(process.execPath, [program(), "start", ...options], {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  await work(/http:\/\/127\.0\.0\.1:\d+/.exec(line.toString())?.[0] ?? "");
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
}

test("what is published, installed into an empty folder, serves it, backs it up, restores it and checks it", async () => {
  await served(async (url) => {
    const client = new ConvexHttpClient(url, { logger: false });
    await client.mutation(anyApi["messages"]!["send"]!, { text: "hello" });
    expect(await client.query(anyApi["messages"]!["texts"]!, {})).toEqual(["hello"]);
    await expect(client.query(anyApi["messages"]!["fail"]!, {})).rejects.toThrow(
      /Uncaught Error: no\n {4}at handler \(convex\/messages\.ts:15:11\)$/,
    );
    expect(command("backup", "./backup").said).toMatch(/^Backed up 1 document and 0 files\.\n$/);
  });
  expect(command("restore", "./backup", "--data", "./copy")).toMatchObject({ status: 0 });
  expect(command("check", "--data", "./copy").said).toMatch(/^1 document, .* all well\.\n$/);
});

test("its query workers find their code", () => {
  writeFileSync(join(project, "sharing.mjs"), SHARING);
  const ran = execFileSync(process.execPath, ["sharing.mjs"], { cwd: project, encoding: "utf8" });
  expect(JSON.parse(ran)).toEqual({ workers: 1, texts: ["hello"], said: [] });
});

test("its types say what can be asked of it", () => {
  const compiler = createRequire(import.meta.url).resolve("typescript/package.json");
  symlinkSync(join(ROOT, "node_modules", "@types"), join(project, "node_modules", "@types"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  writeFileSync(join(project, "embedding.ts"), EMBEDDING);
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--types", "node"];
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(dirname(compiler), "bin", "tsc"), ...options, "embedding.ts"],
    { cwd: project, encoding: "utf8" },
  );
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
});
