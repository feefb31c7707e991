import { CliError } from "../errors.ts";
import type { Home } from "../home.ts";
import { isGone } from "../process-identity.ts";
import { systemClock } from "./clock.ts";
import { lockHolder } from "./lock.ts";

const LOOK_AGAIN_MS = 50;
/** Longer than its agents' grace and its last reports together. */
const LONGEST_DRAIN_MS = 20_000;

/**
 * Asks this machine's daemon to drain and waits until it has ended: its agents leave, what people desire stays.
 * False if none runs. @throws CliError if it does not end in time
 */
export async function stopDaemon(home: Home): Promise<boolean> {
  const holder = await lockHolder(home);
  if (holder === null) return false;
  process.kill(holder.pid, "SIGTERM");
  const giveUpAt = systemClock.now() + LONGEST_DRAIN_MS;
  while (!(await isGone(holder))) {
    if (systemClock.now() > giveUpAt) {
      throw new CliError("conflict", `The daemon (process ${holder.pid}) does not end.`, {
        hint: `See what it does: ${home.logs}/daemon.log. To force it: kill -9 ${holder.pid}`,
      });
    }
    await systemClock.sleep(LOOK_AGAIN_MS);
  }
  return true;
}
