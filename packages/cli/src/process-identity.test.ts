import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { identityOf, isGone, isSameProcess } from "./process-identity.ts";

test("a process that ended is gone, and so is one whose pid another process has now", async () => {
  const child = spawn("sleep", ["1000"], { stdio: "ignore" });
  await once(child, "spawn");
  const identity = (await identityOf(child.pid ?? 0)) ?? { pid: 0, startTime: "" };
  expect([await isSameProcess(identity), await isGone(identity)]).toEqual([true, false]);
  const earlier = { ...identity, startTime: "earlier" };
  expect([await isSameProcess(earlier), await isGone(earlier)]).toEqual([false, true]);

  child.kill("SIGKILL");
  await once(child, "exit");

  expect([await isSameProcess(identity), await isGone(identity)]).toEqual([false, true]);
});

test("a process that cannot be looked at is neither gone nor known to live", async () => {
  const script = `
    import { openSync } from "node:fs";
    import { identityOf, isGone, isSameProcess } from ${JSON.stringify(import.meta.resolve("./process-identity.ts"))};
    const self = await identityOf(process.pid);
    const before = [await isSameProcess(self), await isGone(self)];
    try { for (;;) openSync("/dev/null"); } catch {}
    const after = [await isSameProcess(self), await isGone(self)];
    process.send({ before, after });`;
  // With few file handles, so that none is left soon.
  const limited = `ulimit -n 64; exec "$0" --no-warnings --input-type=module -e "$1"`;
  const child = spawn("sh", ["-c", limited, process.execPath, script], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [said] = (await once(child, "message")) as [unknown];
  expect(said).toEqual({ before: [true, false], after: [false, false] });
});
