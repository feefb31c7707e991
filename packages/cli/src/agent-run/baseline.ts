import { readPrivateJson, writePrivateJson } from "../home.ts";
import type { Home } from "../home.ts";
import { seatFile } from "../seat.ts";
import type { Seat } from "../seat.ts";
import { snapshot } from "./changes.ts";
import type { Snapshot } from "./changes.ts";

export interface Repository {
  readonly home: Home;
  readonly url: string;
  readonly workingDir: string;
  /** Where git is looked for. */
  readonly path: string;
}

/**
 * How the repository stood when the task was begun for the first time: a task that is taken up again after a crash has
 * changed what it changed before, too. Null outside a repository.
 */
export async function baseline(
  { home, url, workingDir, path }: Repository,
  { roomId, role }: Seat,
  taskId: string,
): Promise<Snapshot | null> {
  // Another ending than a seat's: whoever lists the seats of a role must not find it.
  const file = seatFile(home, url, roomId, role).replace(/\.json$/, ".baseline");
  const known = await readPrivateJson(file).catch(() => null);
  const { commit, tree } = known ?? {};
  const same = known?.["taskId"] === taskId && known["workingDir"] === workingDir;
  if (same && typeof commit === "string" && typeof tree === "string") return { commit, tree };
  const now = await snapshot(workingDir, path);
  if (now !== null) await writePrivateJson(file, { taskId, workingDir, ...now });
  return now;
}
