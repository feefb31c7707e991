import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readPrivateJson, writePrivateJson } from "../home.ts";
import type { Log } from "../log.ts";
import { internally, type Deployment } from "./internally.ts";

const TEXT = "Muster is stopping: agents leave, and what was accepted is kept.";

/** It ends by itself if nobody takes it back: then the next start did not find what it had announced. */
const LASTS_MS = 5 * 60_000;

export interface NoticeOptions {
  readonly deployment: Deployment;
  /** Where everything of this backend is kept. */
  readonly data: string;
  readonly log: Log;
}

/** Everybody connected hears that the backend goes away. That it could not be said is no reason to stay. */
export async function announceRestart({ deployment, data, log }: NoticeOptions) {
  const notice = { kind: "restart", text: TEXT, endsAt: Date.now() + LASTS_MS };
  try {
    const announced = await internally(deployment, "notices:announce", notice);
    await writePrivateJson(fileIn(data), announced as { noticeId: string });
  } catch (error) {
    log("restart_not_announced", { message: String(error) });
  }
}

/** The backend is here again: what it announced before it went is over. */
export async function retractRestart({ deployment, data, log }: NoticeOptions) {
  const { noticeId } = (await readPrivateJson(fileIn(data))) ?? {};
  if (noticeId === undefined) return;
  try {
    await internally(deployment, "notices:retract", { noticeId });
  } catch (error) {
    log("restart_not_retracted", { message: String(error) });
  }
  await rm(fileIn(data), { force: true });
}

const fileIn = (data: string) => join(data, "restart-notice.json");
