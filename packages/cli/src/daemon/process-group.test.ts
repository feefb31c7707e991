import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

const here = (file: string) => JSON.stringify(import.meta.resolve(file));

test("nobody passes for gone while no file handle is left to see who is there; the reason is said", async () => {
  const script = `
    import { spawn } from "node:child_process";
    import { once } from "node:events";
    import { closeSync, openSync } from "node:fs";
    import { endMarked } from ${here("./process-group.ts")};
    const left = spawn("sleep", ["1000"], { env: { ...process.env, HARBOR: "mini" }, stdio: "ignore" });
    const exited = once(left, "exit");
    await once(left, "spawn");
    const how = { sleep: () => new Promise(setImmediate), withinMs: 100 };
    const handles = [];
    try { for (;;) handles.push(openSync("/dev/null")); } catch {}
    const blind = await endMarked("HARBOR", "mini", how).then(() => "gone", ({ message }) => message);
    const alive = left.exitCode === null && left.signalCode === null;
    handles.forEach((handle) => closeSync(handle));
    await endMarked("HARBOR", "mini", { ...how, withinMs: 60_000 });
    process.send({ blind, alive, signal: (await exited)[1] });`;
  // With few file handles, so that none is left soon.
  const limited = `ulimit -n 64; exec "$0" --no-warnings --input-type=module -e "$1"`;
  const child = spawn("sh", ["-c", limited, process.execPath, script], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [said] = (await once(child, "message")) as [unknown];
  expect(said).toEqual({
    blind: expect.stringMatching(/^nobody can see whether processes .* are left: EMFILE/) as string,
    alive: true,
    signal: "SIGKILL",
  });
});
