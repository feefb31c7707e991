import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { build } from "./build.ts";
import { git } from "./git.ts";
import { createRepository } from "./repository.ts";

const text = "# Haiku\n\n- [ ] Write it\n";
let harbor: string;

beforeEach(async () => {
  harbor = await realpath(await mkdtemp(join(tmpdir(), "muster-harbor-")));
  await createRepository(harbor);
});

afterEach(async () => await rm(harbor, { recursive: true }));

const step = async () => {};
const work = { task: "t1", title: "Haiku", text, step };

/** Commits of the task, whoever made them. */
async function commitsOf(task: string): Promise<number> {
  const found = await git(harbor, "log", "--format=%H", `--grep=^Muster-Task: ${task}$`);
  return found === "" ? 0 : found.split("\n").length;
}

/** Builds in a process of its own that is killed at the n-th thing that it tells the room. */
async function killedAt(steps: number): Promise<void> {
  const script = `
    const { build } = await import(${JSON.stringify(join(import.meta.dirname, "build.ts"))});
    let told = 0;
    const step = async () => {
      console.log(++told);
      if (told === ${steps}) await new Promise(() => setInterval(() => {}, 1000));
    };
    await build({ directory: ${JSON.stringify(harbor)}, ...${JSON.stringify({ ...work, step: undefined })}, step });`;
  const builder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface(builder.stdout)) if (Number(line) === steps) break;
  builder.kill("SIGKILL");
  await once(builder, "exit");
}

test.each([
  ["before it has written anything", 1, 0],
  ["with a file that is not committed", 2, 0],
  ["after its commit, before it has told anyone", 3, 1],
])("a builder that is killed %s ends with exactly one commit", async (_when, steps, before) => {
  await killedAt(steps);
  expect(await commitsOf("t1")).toBe(before);

  const made = await build({ directory: harbor, ...work });

  expect(await commitsOf("t1")).toBe(1);
  expect(made.hash).toBe(await git(harbor, "rev-parse", "HEAD"));
  expect(made.stat).toContain("1 file changed");
  expect(await git(harbor, "status", "--porcelain")).toBe("");
  expect(await readFile(join(harbor, made.file), "utf8")).toBe(text);
});

test("a builder that is killed inside git leaves locks and a staged half, and the next one goes on", async () => {
  await killedAt(2);
  await git(harbor, "add", "--all");
  for (const lock of ["index.lock", "HEAD.lock", "refs/heads/main.lock"]) {
    await writeFile(join(harbor, ".git", lock), "");
  }

  await build({ directory: harbor, ...work });

  expect(await commitsOf("t1")).toBe(1);
  expect(await git(harbor, "status", "--porcelain")).toBe("");
});

test("in a repository that is not the demo's a lock is somebody's and stays", async () => {
  await git(harbor, "config", "--unset", "muster.demo");
  await writeFile(join(harbor, ".git", "index.lock"), "");

  await expect(build({ directory: harbor, ...work })).rejects.toThrow("index.lock");
});

test("what a person has staged or changed is neither committed nor lost", async () => {
  await writeFile(join(harbor, "mine.txt"), "mine");
  await git(harbor, "add", "--", "mine.txt");
  await writeFile(join(harbor, "README.md"), "changed");

  const { hash } = await build({ directory: harbor, ...work });

  expect(await git(harbor, "show", "--name-only", "--format=", hash)).toMatch(
    /^plans\/haiku-\w{6}\.md$/,
  );
  expect(await git(harbor, "status", "--porcelain")).toBe("M README.md\nA  mine.txt");
});

test("a hook in the repository does not run, and making the repository again changes nothing", async () => {
  await writeFile(join(harbor, ".git/hooks/pre-commit"), `#!/bin/sh\ntouch "${harbor}/canary"\n`, {
    mode: 0o755,
  });
  await build({ directory: harbor, ...work });
  const head = await git(harbor, "rev-parse", "HEAD");

  await createRepository(harbor);

  await expect(readFile(join(harbor, "canary"))).rejects.toThrow("ENOENT");
  expect(await git(harbor, "rev-parse", "HEAD")).toBe(head);
});
