import { join } from "node:path";
import { readPrivateJson, writePrivateJson } from "../home.ts";
import { internally } from "./internally.ts";
import type { NoticeOptions } from "./restart-notice.ts";

/** Whoever looks in once a day sees it. */
const LASTS_MS = 24 * 3_600_000;

/**
 * Everybody who connects hears that another version of Muster serves this data than before; on data that is new, or older than
 * this record, nobody does. What could not be said is tried again by the next start.
 */
export async function announceUpgrade(
  { deployment, data, log }: NoticeOptions,
  version: string,
): Promise<void> {
  const file = join(data, "served-by.json");
  const { version: before } = (await readPrivateJson(file)) ?? {};
  if (before === version) return;
  if (typeof before === "string") {
    const text = `Muster ${version} serves now, ${before} did before: reload a page that has been open since.`;
    const notice = { kind: "upgrade", text, endsAt: Date.now() + LASTS_MS };
    try {
      await internally(deployment, "notices:announce", notice);
    } catch (error) {
      log("upgrade_not_announced", { message: String(error) });
      return;
    }
  }
  await writePrivateJson(file, { version });
}
