import { spawn } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { FUNCTIONS } from "./serve.ts";

/** A deployment in a process of its own. */
export interface DeploymentProcess {
  readonly url: string;
  /** SIGKILL; resolves when the process is gone. */
  readonly kill: () => Promise<void>;
}

export interface SpawnOptions {
  /** 0, the default, takes any free one. */
  readonly port?: number;
  /** The fixture's unless told otherwise. */
  readonly functions?: string;
  /** A program to run it under, with its arguments. */
  readonly under?: readonly string[];
}

/** Serves functions from a new process; resolves when it answers. The test's end kills it. */
export async function spawnDeployment(
  data: string,
  { port = 0, functions = FUNCTIONS, under = [] }: SpawnOptions = {},
): Promise<DeploymentProcess> {
  const main = join(import.meta.dirname, "fixtures", "process.ts");
  const node = [process.execPath, "--no-warnings", main, functions, data, String(port)];
  const [program = "", ...args] = [...under, ...node];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    child.once("exit", () => reject(new Error("The deployment ended before it answered.")));
  });
  const [url = "", pid] = said.trim().split(" ");
  // It may run under another program, which ends with it.
  const end = () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(Number(pid), "SIGKILL");
  };
  onTestFinished(end);
  const kill = async () => {
    const gone = new Promise((resolve) => {
      child.once("exit", resolve);
    });
    end();
    await gone;
  };
  return { url, kill };
}
