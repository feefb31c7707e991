import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { homeOf, type Home } from "./home.ts";

/** A home of its own for the running test, gone with it. */
export async function temporaryHome(): Promise<Home> {
  const root = await mkdtemp(join(tmpdir(), "muster-cli-"));
  onTestFinished(async () => await rm(root, { recursive: true, force: true }));
  return homeOf({ MUSTER_HOME: root });
}
