import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

const DEFAULT_PACE_MS = 900;

/** The pause after each step, so that a person can follow; 0 in tests. */
async function pause(): Promise<void> {
  const wanted = Number(process.env["MUSTER_DEMO_PACE_MS"] ?? DEFAULT_PACE_MS);
  await sleep(Number.isFinite(wanted) && wanted >= 0 ? wanted : DEFAULT_PACE_MS);
}

/** Runs a `muster` command as any agent would, with its text on stdin. @throws Error with the command's own words */
export async function muster(args: readonly string[], input: string): Promise<void> {
  const child = spawn("muster", args, { shell: false, stdio: ["pipe", "ignore", "pipe"] });
  const said = text(child.stderr);
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [code, signal] = await ended;
  if (code !== 0)
    throw new Error(`muster ${args[0]} ended with ${signal ?? code}: ${(await said).trim()}`);
}

/** Tells the room about a step. News that do not get through are no reason to stop working. */
export async function progress(line: string): Promise<void> {
  await muster(["report-progress"], line).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
  });
  await pause();
}

/** What the agent was asked for. */
export async function request(): Promise<string> {
  return await text(process.stdin);
}

/** The task of this turn. */
export function taskId(): string {
  const task = process.env["MUSTER_TASK"];
  if (task === undefined || task === "")
    throw new Error("MUSTER_TASK does not say which task this is");
  return task;
}
