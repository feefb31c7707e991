import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { bundleFunctions, start } from "../src/index.ts";
import type { FunctionsBundle, RunningDeployment, StartOptions } from "../src/index.ts";
import { areWorkersForced, forcedWorkers } from "./forced-workers.ts";

export const FUNCTIONS = join(import.meta.dirname, "fixtures", "harbor");

/** A directory that is gone after the test. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), "convex-local-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

let bundled: Promise<FunctionsBundle> | undefined;

/** The fixture functions on free ports, in memory unless told otherwise, closed after the test. */
export async function serve(options: Partial<StartOptions> = {}): Promise<RunningDeployment> {
  const deployment = await start({
    functions: await (bundled ??= bundleFunctions(FUNCTIONS)),
    data: areWorkersForced ? scratch() : ":memory:",
    port: 0,
    sitePort: 0,
    ...forcedWorkers,
    ...options,
  });
  onTestFinished(async () => await deployment.close());
  return deployment;
}
