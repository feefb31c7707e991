import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { mkdir, mkdtemp, realpath, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { spawnAgent } from "./agent-process.ts";
import { newMarker } from "./marker.ts";
import { openWorkingDirectory } from "./working-directory.ts";

let base: string;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "muster-cwd-")));
  await mkdir(join(base, "code"));
  await mkdir(join(base, "code-private"));
});

afterEach(async () => await rm(base, { recursive: true }));

test.each([
  ["a relative path", "code", "plain absolute path"],
  ["a path that climbs", "/srv/code/../../etc", "plain absolute path"],
  ["a NUL byte", "/srv/code\0/etc", "plain absolute path"],
  ["a directory that is missing", "/no/such/directory", "does not exist"],
  ["a file", "/etc/passwd", "is no directory"],
  ["the kernel's directory", "/proc/self", "agents do not work in /proc"],
])("%s is refused with a reason", async (_what, path, reason) => {
  await expect(openWorkingDirectory(path, [])).rejects.toThrow(reason);
});

test("a symlink out of the allowed directories is refused, and so is a neighbour with the same prefix", async () => {
  await symlink("/etc", join(base, "code", "link"));
  const roots = [join(base, "code")];

  await expect(openWorkingDirectory(join(base, "code", "link"), roots)).rejects.toThrow(
    "lets no agent work in /etc",
  );
  await expect(openWorkingDirectory(join(base, "code-private"), roots)).rejects.toThrow(
    "lets no agent work",
  );
});

test("a directory that is swapped after the check does not move the agent", async () => {
  const directory = await openWorkingDirectory(join(base, "code"), [base]);
  await rename(join(base, "code"), join(base, "checked"));
  await symlink("/etc", join(base, "code"));

  const linus = await spawnAgent(
    {
      argv: [process.execPath, "-e", "console.log(process.cwd())"],
      cwd: directory.pinned,
      environment: {},
      marker: newMarker(),
    },
    () => {},
  );

  expect((await linus.exited).tail).toBe(join(base, "checked"));
  await directory.close();
});

const here = (file: string) => JSON.stringify(join(import.meta.dirname, file));

test("a daemon whose starter has hung up can reuse that channel's number for a directory", async () => {
  const script = `
    const { openWorkingDirectory } = await import(${here("working-directory.ts")});
    const { spawnAgent } = await import(${here("agent-process.ts")});
    process.disconnect();
    await new Promise((resolve) => setImmediate(resolve));
    const directory = await openWorkingDirectory(${JSON.stringify(base)}, []);
    const argv = [process.execPath, "-e", "console.log(process.cwd())"];
    const options = { argv, cwd: directory.pinned, environment: {}, marker: "m" };
    const agent = await spawnAgent(options, () => {});
    console.log(directory.pinned.split("/").at(-1), (await agent.exited).tail);`;
  const daemon = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });

  expect(await text(daemon.stdout ?? Readable.from([]))).toBe(`3 ${base}\n`);
});
