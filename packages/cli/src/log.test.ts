import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { homeOf } from "./home.ts";
import { openLog } from "./log.ts";

test("a log is begun anew while it is written, the one before is kept, and nobody else may read either", async () => {
  const home = homeOf({ MUSTER_HOME: await mkdtemp(join(tmpdir(), "muster-log-")) });
  const log = await openLog(home, "up");
  const line = "x".repeat(512 * 1024);

  for (let written = 0; written < 25; written += 1) log("backend", { line, written });

  const file = join(home.logs, "up.log");
  const [now, before] = await Promise.all([stat(file), stat(`${file}.1`)]);
  expect(now.size).toBeLessThan(6 * 1024 * 1024);
  expect(before.size).toBeLessThan(6 * 1024 * 1024);
  expect([now.mode & 0o777, before.mode & 0o777]).toEqual([0o600, 0o600]);
  const last = (await readFile(file, "utf8")).trim().split("\n").at(-1) ?? "";
  expect(JSON.parse(last)).toMatchObject({ written: 24 });
  await rm(home.root, { recursive: true, force: true });
});
