import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changes, snapshot } from "./changes.ts";
import type { Snapshot } from "./changes.ts";

const PATH = process.env["PATH"] ?? "";
let directory: string;

function git(...args: string[]): string {
  return execFileSync("git", ["-C", directory, ...args], { encoding: "utf8" }).trim();
}

function write(name: string, text: string): void {
  writeFileSync(path.join(directory, name), text);
}

function commit(subject: string): void {
  git("add", "--all");
  git("-c", "user.name=linus", "-c", "user.email=linus@harbor", "commit", "-q", "-m", subject);
}

async function now(): Promise<Snapshot> {
  const shot = await snapshot(directory, PATH);
  if (shot === null) throw new Error("no snapshot");
  return shot;
}

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "muster-changes-"));
  git("init", "-q");
  write("net.txt", "knots\n");
  commit("Begin");
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("commits and what is not committed yet are told, what lay there before is not", async () => {
  write("before.txt", "of somebody else\n");
  const before = await now();
  write("net.txt", "knots\nmore knots\n");
  commit("Mend the net");
  write("new.txt", "one\ntwo\n");

  const diff = await changes(directory, PATH, before, await now());

  expect(diff).toMatchObject({
    base: before.commit,
    head: git("rev-parse", "HEAD"),
    commits: [{ subject: "Mend the net" }],
    files: [
      { path: "net.txt", added: 1, removed: 0, patch: expect.stringContaining("+more knots") },
      { path: "new.txt", added: 2, removed: 0, patch: "@@ -0,0 +1,2 @@\n+one\n+two\n" },
    ],
    totals: { commits: 1, files: 2, added: 3, removed: 0 },
    truncated: false,
  });
});

test("nothing in the repository is touched by looking at it", async () => {
  write("new.txt", "one\n");
  const status = git("status", "--porcelain");
  const index = readFileSync(path.join(directory, ".git/index"));

  await now();

  expect(readFileSync(path.join(directory, ".git/index")).equals(index)).toBe(true);
  expect(git("status", "--porcelain")).toBe(status);
});

test("a turn that changed nothing has no diff", async () => {
  const before = await now();

  expect(await changes(directory, PATH, before, await now())).toBeNull();
});

test("no repository, and a directory that is not there, are no snapshot", async () => {
  expect(await snapshot(tmpdir(), PATH)).toBeNull();
  expect(await snapshot(path.join(directory, "missing"), PATH)).toBeNull();
});

test("a repository without a commit, and one that git ignores files of, are told truly", async () => {
  rmSync(path.join(directory, ".git"), { recursive: true });
  git("init", "-q");
  write(".gitignore", "secret.env\n");
  const before = await now();
  write("secret.env", "TOKEN=abcdefgh\n");
  write("first.txt", "one\n");

  const diff = await changes(directory, PATH, before, await now());

  expect(before.commit).toBe("");
  expect(diff?.files.map((file) => file.path)).toEqual(["first.txt"]);
});

test("strange names, binary files and secrets do no harm", async () => {
  const before = await now();
  mkdirSync(path.join(directory, "-- x"));
  write("-- x/a\tb\u001b[31m\n.txt", "API_KEY=abcdefgh12345\n");
  write("boat.bin", "\0\0\0");

  const diff = await changes(directory, PATH, before, await now());

  expect(diff?.files).toEqual([
    {
      path: "-- x/a\tb\n.txt",
      added: 1,
      removed: 0,
      patch: "@@ -0,0 +1 @@\n+API_KEY=[redacted]\n",
    },
    { path: "boat.bin", added: 0, removed: 0 },
  ]);
});

test("a diff of 50 MB is counted, and what is kept of it is bounded", async () => {
  const before = await now();
  write("huge.txt", "a line of a huge file that nobody reads\n".repeat(1_300_000));
  write("small.txt", "one\n");

  const diff = await changes(directory, PATH, before, await now());

  expect(diff?.totals).toEqual({ commits: 0, files: 2, added: 1_300_001, removed: 0 });
  expect(diff?.truncated).toBe(true);
  expect(JSON.stringify(diff).length).toBeLessThan(600_000);
});
