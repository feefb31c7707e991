import type { api as Api } from "@muster/backend/api";
import type { FunctionReturnType } from "convex/server";
import type { Line } from "../invocation.ts";
import { ago } from "./ago.ts";
import { headline } from "./indented.ts";

export type NoticeView = FunctionReturnType<typeof Api.notices.list>["items"][number];

/** One line per notice, the server's without a room's name; what stopped stands out. `now` in ms since the epoch. */
export function noticeLines(notices: readonly NoticeView[], now: number): Line[] {
  return notices.map(({ kind, roomName, text, at }) => {
    const where = roomName === null ? "" : `${roomName}: `;
    return {
      text: `Notice   ${where}${headline(text, 300)} (${ago(now - at)} ago)`,
      colour: kind === "stopped" ? "red" : "amber",
    };
  });
}
