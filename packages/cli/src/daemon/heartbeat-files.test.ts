import { mkdir, mkdtemp, realpath, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MAX_HEARTBEAT_FILE_BYTES } from "@muster/core";
import { sightOf } from "./heartbeat-file.ts";
import type { FoundFile } from "./heartbeat-file.ts";
import { HeartbeatFiles } from "./heartbeat-files.ts";
import type { WatchedAgent } from "./heartbeat-files.ts";
import { openWorkingDirectory } from "./working-directory.ts";

const OPEN = "- [ ] the build is green\n";
let base: string;
let file: string;
let epoch: number;
let takes: boolean;
let roots: string[];
let told: FoundFile[];
let files: HeartbeatFiles;

const ada = (): WatchedAgent => ({
  roomId: "harbor-id",
  roomName: "harbor",
  role: "ada",
  workingDir: base,
  heartbeat: true,
});

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "muster-heartbeat-")));
  file = join(base, "HEARTBEAT.md");
  [epoch, takes, roots, told] = [1, true, [], []];
  files = new HeartbeatFiles({
    fallback: base,
    roots: () => Promise.resolve(roots),
    epoch: () => epoch,
    report: (_agent, found) => {
      told.push(found);
      return Promise.resolve(takes);
    },
    log: () => undefined,
  });
});

afterEach(async () => await rm(base, { recursive: true }));

/** What was told since the last look. */
const news = () => told.splice(0);

/** Written long ago, so that nobody has to doubt its mark. */
async function write(text: string | Uint8Array, minutesAgo = 5): Promise<void> {
  await writeFile(file, text);
  const then = new Date(Date.now() - minutesAgo * 60_000);
  await utimes(file, then, then);
}

test("an agent with a new heartbeat has its file told at once, and others have none", async () => {
  await write(OPEN);
  await files.want([{ ...ada(), heartbeat: false }]);
  expect(news()).toEqual([]);

  await files.want([ada()]);

  expect(news()).toEqual([{ state: "read", text: OPEN }]);
});

test("a file is told once, and again when it has changed, is gone or is back", async () => {
  await write(OPEN);
  await files.want([ada()]);
  await files.want([ada()]);
  await files.look();
  await files.look();
  expect(news()).toHaveLength(1);

  await write("- [x] the build is green\n", 4);
  await files.look();
  await rm(file);
  await files.look();
  await files.look();
  await write(OPEN);
  await files.look();

  expect(news()).toMatchObject([
    { text: "- [x] the build is green\n" },
    { state: "missing" },
    { text: OPEN },
  ]);
});

test("a file that was written just now is no settled matter: it may be written again within the same tick", async () => {
  const directory = await openWorkingDirectory(base, []);
  try {
    await write(OPEN, 0);
    expect((await sightOf(directory)).settled).toBe(false);
    await write(OPEN, 1);
    expect((await sightOf(directory)).settled).toBe(true);
  } finally {
    await directory.close();
  }
});

test("a file that is touched, or put in its place anew with the same words, is not told again", async () => {
  await write(OPEN);
  await files.want([ada()]);
  news();

  await write(OPEN, 3);
  await files.look();
  await writeFile(join(base, "new"), OPEN);
  await rename(join(base, "new"), file);
  await files.look();

  expect(news()).toEqual([]);
});

test("what the room did not take is told again with the next beat", async () => {
  await write(OPEN);
  takes = false;
  await files.want([ada()]);
  await files.look();
  takes = true;
  await files.look();
  await files.look();

  expect(news()).toHaveLength(3);
});

test("the machine's next generation, and an agent that comes back, are told anew", async () => {
  await write(OPEN);
  await files.want([ada()]);
  epoch = 2;
  await files.look();
  await files.want([]);
  await files.want([ada()]);

  expect(news()).toHaveLength(3);
});

test("an agent that moves to another directory has the file of that one", async () => {
  await write(OPEN);
  await files.want([ada()]);
  await mkdir(join(base, "other"));
  await files.want([{ ...ada(), workingDir: join(base, "other") }]);

  expect(news()).toMatchObject([{ state: "read" }, { state: "missing" }]);
});

test.each<[string, () => Promise<unknown> | void, FoundFile]>([
  [
    "a symlink",
    async () => await symlink("/etc/passwd", file),
    {
      state: "unreadable",
      reason: "HEARTBEAT.md is a symlink, and those are not followed.",
    },
  ],
  [
    "a directory",
    async () => await mkdir(file),
    { state: "unreadable", reason: "HEARTBEAT.md is no plain file." },
  ],
  [
    "a pipe that nobody writes into",
    () => void execFileSync("sh", ["-c", 'mkfifo "$0"', file]),
    { state: "unreadable", reason: "HEARTBEAT.md is no plain file." },
  ],
  [
    "bytes that are no text",
    async () => await write(Uint8Array.of(0x2d, 0x20, 0xff, 0xfe)),
    { state: "unreadable", reason: "HEARTBEAT.md is not text in UTF-8." },
  ],
  [
    "more than may be read",
    async () => await write("x".repeat(MAX_HEARTBEAT_FILE_BYTES + 1)),
    { state: "too_large", bytes: MAX_HEARTBEAT_FILE_BYTES + 1 },
  ],
  [
    "as much as may be read",
    async () => await write("x".repeat(MAX_HEARTBEAT_FILE_BYTES)),
    { state: "read", text: "x".repeat(MAX_HEARTBEAT_FILE_BYTES) },
  ],
])("%s is told as what it is, and not waited for", async (_what, make, found) => {
  await make();
  await files.want([ada()]);

  expect(news()).toEqual([found]);
});

test("a directory where no agent may work is not looked into", async () => {
  await write(OPEN);
  roots = [join(base, "allowed")];
  await files.want([ada()]);
  await files.look();

  expect(news()).toEqual([
    { state: "unreadable", reason: `This machine lets no agent work in ${base}.` },
  ]);
});

test("secrets in the file stay on the machine", async () => {
  await write(`- [ ] renew ghp_${"a1B2".repeat(9)} in time\n`);
  await files.want([ada()]);

  expect(news()).toEqual([{ state: "read", text: "- [ ] renew [redacted] in time\n" }]);
});
