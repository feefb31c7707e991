import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { isSameProcess, identityOf } from "../process-identity.ts";
import { endAgent, endSurvivors, spawnAgent } from "./agent-process.ts";
import type { AgentProcess } from "./agent-process.ts";
import type { FromAgent } from "./channel.ts";
import { AGENT_MARKER, findMarked, newMarker } from "./marker.ts";

const environment = { PATH: process.env["PATH"] ?? "" };

/** Runs a small script as linus' agent. It says "joined" when it is ready to be observed. */
async function agent(script: string): Promise<{ linus: AgentProcess; heard: FromAgent[] }> {
  const heard: FromAgent[] = [];
  const linus = await spawnAgent(
    {
      argv: [process.execPath, "--input-type=module", "-e", script],
      cwd: import.meta.dirname,
      environment,
      marker: newMarker(),
    },
    (message) => heard.push(message),
  );
  return { linus, heard };
}

const joined = `process.send({ kind: "joined", epoch: 3, holderId: "linus" });`;
const stay = `setInterval(() => {}, 1000);`;
const ready = (heard: FromAgent[]) =>
  vi.waitFor(() => expect(heard).not.toEqual([]), { interval: 5, timeout: 20_000 });

test("an agent's exit is seen with its code and the end of its output", async () => {
  const { linus } = await agent(
    `console.log("compiling"); console.error("no such model"); process.exit(3);`,
  );

  const exit = await linus.exited;

  expect(exit).toMatchObject({ code: 3, signal: null });
  expect(exit.tail).toContain("compiling");
  expect(exit.tail).toContain("no such model");
});

test("what an agent says over its channel arrives, and what is not in our language does not", async () => {
  const { linus, heard } = await agent(
    `process.send({ kind: "epoch", epoch: "x" }); process.send(null); ${joined} process.disconnect();`,
  );

  await linus.exited;

  expect(heard).toEqual([{ kind: "joined", epoch: 3, holderId: "linus" }]);
});

test("SIGTERM lets an agent leave by itself", async () => {
  const { linus, heard } = await agent(
    `process.on("SIGTERM", () => { console.log("left"); process.exit(0); }); ${joined} ${stay}`,
  );
  await ready(heard);

  const exit = await endAgent(linus, { graceMs: 5_000, sleep });

  expect(exit).toEqual({ code: 0, signal: null, tail: "left" });
});

test("an agent that ignores SIGTERM is killed after its grace, with the children in its group", async () => {
  const { linus, heard } = await agent(`
    import { spawn } from "node:child_process";
    process.on("SIGTERM", () => {});
    const child = spawn("sh", ["-c", "trap '' TERM; while :; do sleep 1; done"]);
    child.once("spawn", () => { ${joined} });
    ${stay}`);
  await ready(heard);
  expect(await findMarked(AGENT_MARKER, linus.marker)).not.toHaveLength(0);

  const exit = await endAgent(linus, { graceMs: 50, sleep });

  expect(exit).toMatchObject({ code: null, signal: "SIGKILL" });
  expect(await findMarked(AGENT_MARKER, linus.marker)).toEqual([]);
});

test("what a killed agent left in another process group is found by its marker and ended", async () => {
  const { linus, heard } = await agent(`
    import { spawn } from "node:child_process";
    const shell = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
    shell.once("spawn", () => { ${joined} });
    ${stay}`);
  await ready(heard);
  const stranger = spawn("sleep", ["1000"], { stdio: "ignore" });
  await once(stranger, "spawn");
  const strangerIdentity = await identityOf(stranger.pid ?? 0);
  linus.signal("SIGKILL");
  await linus.exited;
  expect(await findMarked(AGENT_MARKER, linus.marker)).toHaveLength(1);

  await endSurvivors(linus, sleep);

  expect(await findMarked(AGENT_MARKER, linus.marker)).toEqual([]);
  expect(strangerIdentity !== null && (await isSameProcess(strangerIdentity))).toBe(true);
  stranger.kill("SIGKILL");
});

test("fifty agents that were started and ended leave no process behind", async () => {
  const harbor = newMarker();
  const argv = ["sh", "-c", "setsid sleep 1000 & sleep 1000 & wait"] as const;
  const startAndEnd = async () => {
    const how = { argv, cwd: import.meta.dirname, marker: newMarker() };
    const linus = await spawnAgent({ ...how, environment: { ...environment, harbor } }, () => {});
    await endAgent(linus, { graceMs: 1_000, sleep });
    await endSurvivors(linus, sleep);
  };
  for (let ended = 0; ended < 50; ended += 10)
    await Promise.all(Array.from({ length: 10 }, startAndEnd));

  expect(await findMarked("harbor", harbor)).toEqual([]);
});

test("a program that does not exist is one clear sentence", async () => {
  const start = spawnAgent(
    {
      argv: ["muster-no-such-program"],
      cwd: import.meta.dirname,
      environment,
      marker: newMarker(),
    },
    () => {},
  );

  await expect(start).rejects.toThrow(
    "muster-no-such-program could not be started: it, or its working directory, does not exist",
  );
});

test("shell metacharacters in an argument are an argument and nothing else", async () => {
  const evil = "$(touch canary) ; touch canary | --eval `touch canary` \n &";
  const linus = await spawnAgent(
    {
      argv: [process.execPath, "-e", "console.log(process.argv[1])", "--", evil],
      cwd: import.meta.dirname,
      environment,
      marker: newMarker(),
    },
    () => {},
  );

  expect((await linus.exited).tail).toBe(evil.trim());
});
