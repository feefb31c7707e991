import { expect, test } from "vitest";
import { noticeLines, type NoticeView } from "./notices.ts";

const now = 10_000_000;
const upgrade = {
  scope: "server",
  kind: "upgrade",
  text: "Muster 0.2.0 serves now.",
  roomName: null,
  at: now - 120_000,
} as unknown as NoticeView;

test("a notice says where it belongs and since when, in one line whatever its text is", () => {
  const text = "nightly was stopped.\nDaemon   not running";
  const stopped: NoticeView = { ...upgrade, scope: "room", kind: "stopped", text };
  expect(noticeLines([upgrade, { ...stopped, roomName: "harbor" }], now)).toEqual([
    { text: "Notice   Muster 0.2.0 serves now. (2 min ago)", colour: "amber" },
    { text: "Notice   harbor: nightly was stopped. (2 min ago)", colour: "red" },
  ]);
});
