import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { homeOf } from "../home.ts";
import type { Home } from "../home.ts";
import { identityOf } from "../process-identity.ts";
import { acquireLock, DaemonLockHeld, lockFile, lockHolder } from "./lock.ts";

let home: Home;
const others: ChildProcess[] = [];

beforeEach(async () => {
  home = homeOf({ MUSTER_HOME: await mkdtemp(join(tmpdir(), "muster-lock-")) });
});

afterEach(async () => {
  for (const other of others.splice(0)) other.kill("SIGKILL");
  await rm(home.root, { recursive: true });
});

/** Another process that takes the lock and keeps it until it is killed, or is refused. */
async function rival(): Promise<{ child: ChildProcess; says: string }> {
  const script = `
    const { acquireLock } = await import(${JSON.stringify(join(import.meta.dirname, "lock.ts"))});
    const { homeOf } = await import(${JSON.stringify(join(import.meta.dirname, "../home.ts"))});
    await acquireLock(homeOf(process.env)).then(() => {
      console.log("held");
      setInterval(() => {}, 1000);
    }, (error) => console.log(error.message));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: { MUSTER_HOME: home.root },
    stdio: ["ignore", "pipe", "inherit"],
  });
  others.push(child);
  const [says] = (await once(child.stdout, "data")) as [Buffer];
  return { child, says: says.toString().trim() };
}

test("a second daemon is refused and told who holds the lock", async () => {
  const { child, says } = await rival();
  expect(says).toBe("held");

  const refusal: unknown = await acquireLock(home).catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(DaemonLockHeld);
  expect(refusal).toMatchObject({
    message: `this machine already has a daemon (process ${child.pid})`,
  });
});

test("the lock of a killed daemon is taken over", async () => {
  const { child } = await rival();
  child.kill("SIGKILL");
  await once(child, "exit");

  expect(await lockHolder(home)).toBeNull();
  const lock = await acquireLock(home);

  expect(await lockHolder(home)).toEqual(await identityOf(process.pid));
  await lock.release();
  expect(await readdir(home.daemon)).toEqual([]);
});

test("of several that find a dead lock at once, exactly one becomes the daemon", async () => {
  await mkdir(home.daemon, { recursive: true, mode: 0o700 });
  await writeFile(lockFile(home), JSON.stringify({ pid: 2 ** 22 + 1, startTime: "gone" }));

  const answers = (await Promise.all([rival(), rival(), rival(), rival()])).map(({ says }) => says);

  expect(answers.filter((says) => says === "held")).toHaveLength(1);
});

test("while a living process takes a dead lock over, nobody else removes it", async () => {
  const dead = { pid: 2 ** 22 + 1, startTime: "gone" };
  const cleaner = await identityOf(process.ppid);
  await mkdir(home.daemon, { recursive: true, mode: 0o700 });
  await writeFile(lockFile(home), JSON.stringify(dead));
  const claim = `${lockFile(home)}.${dead.pid}-${dead.startTime}`;
  await writeFile(claim, JSON.stringify(cleaner));

  await expect(acquireLock(home)).rejects.toThrow(DaemonLockHeld);
  expect(JSON.parse(await readFile(lockFile(home), "utf8"))).toEqual(dead);

  await writeFile(claim, JSON.stringify(dead));
  const lock = await acquireLock(home);
  expect(await lockHolder(home)).toMatchObject({ pid: process.pid });
  await lock.release();
});

test("a pid that was given to another process does not hold the lock", async () => {
  await mkdir(home.daemon, { recursive: true, mode: 0o700 });
  await writeFile(
    lockFile(home),
    JSON.stringify({ pid: process.ppid, startTime: "another boot:1" }),
  );

  const lock = await acquireLock(home);

  expect(JSON.parse(await readFile(lockFile(home), "utf8"))).toMatchObject({ pid: process.pid });
  expect((await stat(lockFile(home))).mode & 0o777).toBe(0o600);
  await lock.release();
});
