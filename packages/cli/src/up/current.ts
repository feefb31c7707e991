import { rm } from "node:fs/promises";
import { readCurrent, type Current } from "../backend/address.ts";
import { writePrivateJson, type Home } from "../home.ts";
import { identityOf, isGone } from "../process-identity.ts";

/** The `muster up` that runs now, or null: a file that a killed one left behind counts for nothing. */
export async function runningUp(home: Home): Promise<Current | null> {
  const current = await readCurrent(home);
  return current !== null && !(await isGone(current)) ? current : null;
}

/** Tells every other command where this process serves. */
export async function announceCurrent(
  home: Home,
  where: Pick<Current, "url" | "siteUrl" | "data" | "daemonPid">,
): Promise<void> {
  const self = await identityOf(process.pid);
  await writePrivateJson(home.current, {
    ...where,
    pid: process.pid,
    startTime: self?.startTime ?? "",
  });
}

/** Takes back what this process announced, and nothing that another one did meanwhile. */
export async function forgetCurrent(home: Home): Promise<void> {
  const current = await readCurrent(home);
  if (current?.pid === process.pid) await rm(home.current, { force: true });
}
