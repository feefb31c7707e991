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

/** Serves functions, the fixture's unless told otherwise, from a new process; resolves when it answers. The test's end kills it. */
export async function spawnDeployment(
  data: string,
  port = 0,
  functions = FUNCTIONS,
): Promise<DeploymentProcess> {
  const main = join(import.meta.dirname, "fixtures", "process.ts");
  const child = spawn(process.execPath, ["--no-warnings", main, functions, data, String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once("exit", () => reject(new Error("The deployment ended before it answered.")));
  });
  const kill = async () => {
    const gone = new Promise((resolve) => {
      child.once("exit", resolve);
    });
    child.kill("SIGKILL");
    await gone;
  };
  return { url, kill };
}
