import type { api as Api } from "@muster/backend/api";
import type { FunctionReturnType } from "convex/server";
import type { Line } from "../invocation.ts";
import { ago } from "./ago.ts";
import { indented } from "./indented.ts";
import { quietWords } from "./quiet-hours.ts";

export type InboxItem = FunctionReturnType<typeof Api.inbox.list>["items"][number];
export type InboxSettings = FunctionReturnType<typeof Api.inbox.settings>;

/** What was sent to a person, unseen first to the eye; what did not get through says why. `now` in ms since the epoch. */
export function inboxLines(items: readonly InboxItem[], now: number): Line[] {
  if (items.length === 0) return ["Nothing was sent to you."];
  return items.flatMap((item) => {
    const { _id, title, text, at, seenAt } = item;
    const head = `${_id}  ${title}  ${ago(now - at)} ago${wayOf(item, now)}`;
    const line: Line = seenAt === null ? { text: head, colour: "amber" } : `${head}, seen`;
    return [line, indented(text)];
  });
}

/** How it goes on its way; empty for what has arrived at the dashboard, or is about to. */
function wayOf({ channel, status, notBefore, reason }: InboxItem, now: number): string {
  const to = channel.startsWith("dashboard") ? "" : `, by ${channel}`;
  if (status === "waiting") {
    const left = ago((notBefore ?? now) - now);
    const why =
      reason === null ? `waits for ${left}: your quiet hours` : `tried again in ${left}: ${reason}`;
    return `${to}, ${why}`;
  }
  return status === "dead" ? `${to}, not delivered: ${reason ?? "nobody knows why"}` : to;
}

/** When nothing is to be heard, and what reaches the person. */
export function inboxSettingsLines({ quietHours, channels }: InboxSettings): [string, string] {
  const quiet = quietHours === null ? "No quiet hours." : `Quiet ${quietWords(quietHours)}.`;
  return [quiet, `You are reached by ${channels.join(", ")}.`];
}
