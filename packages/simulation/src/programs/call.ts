import { spawn } from "../system/child-process.ts";

export interface Called {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command of ours as a child of the current process and waits for its end. */
export async function call(args: readonly string[]): Promise<Called> {
  const child = spawn("muster", args, { stdio: [] });
  let output = "";
  child.stdout.on("data", (text: string) => (output += text));
  child.stderr.on("data", (text: string) => (output += text));
  return await new Promise((resolve) => {
    child.on("close", (code: number | null) => resolve({ code, output }));
  });
}
