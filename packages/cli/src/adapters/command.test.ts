import { mkdtemp, readFile, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { identityOf } from "../process-identity.ts";
import { HarnessDied, HarnessMissing } from "./adapter.ts";
import type { Turn } from "./adapter.ts";
import { commandAdapter } from "./command.ts";

const path = process.env["PATH"] ?? "";
let workingDir: string;

beforeEach(async () => {
  workingDir = await realpath(await mkdtemp(join(tmpdir(), "muster-turn-")));
});

afterEach(async () => await rm(workingDir, { recursive: true }));

const turn: Turn = {
  taskId: "t1",
  request: "mend the net",
  emit: () => undefined,
  ask: () => Promise.resolve("denied"),
};

/** The harness of linus: a few lines of shell. */
function linus(script: string, timeoutMs = 20_000, model: string | null = null, ...args: string[]) {
  const argv = ["sh", "-c", script, "linus", ...args] as [string, ...string[]];
  const harness = { name: "linus", argv, timeoutMs };
  return commandAdapter(harness, model, { workingDir, environment: { PATH: path } });
}

/** The pid that a script has written to a file, once it is there. */
async function pidIn(name: string): Promise<number> {
  return await vi.waitFor(
    async () => {
      const pid = Number(await readFile(join(workingDir, name), "utf8"));
      expect(pid).toBeGreaterThan(1);
      return pid;
    },
    { interval: 5, timeout: 5_000 },
  );
}

test("the prompt goes in by stdin and the answer comes out by stdout, in the working directory", async () => {
  const result = await linus(`pwd; cat; echo warning >&2`).prompt("mend $(the) 'net'", turn);

  expect(result).toEqual({ text: `${workingDir}\nmend $(the) 'net'`, stopReason: "end_turn" });
});

test("a prompt is never an argument, and nothing in it reaches a shell", async () => {
  const evil = `$(touch canary); touch canary\n--eval "touch canary"\0`;

  const { text } = await linus(`cat /proc/$$/cmdline | tr '\\0' ' '`).prompt(evil, turn);

  expect(text).not.toContain("canary");
  await expect(stat(join(workingDir, "canary"))).rejects.toThrow("ENOENT");
});

test("a harness that fails says so in one sentence, with its own last words, redacted", async () => {
  const result = await linus(`echo "API_KEY=abcdefgh1234 is wrong" >&2; exit 3`).prompt("go", turn);

  expect(result.stopReason).toBe("failed");
  expect(result.text).toBe("linus failed with exit code 3.\n\nAPI_KEY=[redacted] is wrong");
});

test("a harness that takes too long is ended with everything that it started", async () => {
  const script = `echo halfway; setsid sh -c 'echo $$ > pid; exec sleep 100' & wait`;

  const result = await linus(script, 300).prompt("go", turn);

  expect(result.stopReason).toBe("timed_out");
  expect(result.text).toBe("linus was ended after 0.3 s without an answer.\n\nhalfway");
  expect(await identityOf(await pidIn("pid"))).toBeNull();
});

test("a cancelled turn ends its harness", async () => {
  const harness = linus(`echo $$ > pid; exec sleep 100`);
  const result = harness.prompt("go", turn);
  const pid = await pidIn("pid");

  harness.cancel();

  expect(await result).toEqual({ text: "", stopReason: "cancelled" });
  expect(await identityOf(pid)).toBeNull();
});

test("a harness that somebody kills ends the agent, since nobody knows what it has done", async () => {
  const result = linus(`echo $$ > pid; exec sleep 100`).prompt("go", turn);
  result.catch(() => {});

  process.kill(await pidIn("pid"), "SIGKILL");

  await expect(result).rejects.toThrow(new HarnessDied("linus was killed by SIGKILL"));
});

test("an endless answer is cut to what a message can hold", async () => {
  const { text } = await linus(`yes harbor | head -c 3000000`).prompt("go", turn);

  expect(text.length).toBeLessThan(16_000);
  expect(text).toMatch(/the rest was cut off/);
});

test("a program that is missing is told before the agent joins", async () => {
  const argv = ["muster-no-such-program"] as [string];
  const claude = { name: "claude", argv, timeoutMs: 1 };
  const missing = commandAdapter(claude, null, { workingDir, environment: { PATH: path } });

  await expect(missing.open()).rejects.toThrow(
    new HarnessMissing(
      "claude cannot be used: there is no program muster-no-such-program on this machine.",
    ),
  );
});

test("a model is one argument and never an option", async () => {
  const argument = await linus(`printf %s "$1"`, 5_000, "opus-4.1", "{model}").prompt("", turn);
  expect(argument.text).toBe("opus-4.1");

  await expect(linus("", 1, "--dangerously-skip", "{model}").open()).rejects.toThrow(
    "is no model's name",
  );
  await expect(linus("", 1, null, "{model}").open()).rejects.toThrow("the agent needs a model");
});
