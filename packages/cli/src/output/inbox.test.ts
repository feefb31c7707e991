import { expect, test } from "vitest";
import { inboxLines, inboxSettingsLines } from "./inbox.ts";
import type { InboxItem } from "./inbox.ts";

const now = 10_000_000;
const news = {
  _id: "d1",
  channel: "dashboard",
  status: "sent",
  title: "linus in harbor",
  text: "The build is red.\nTwice.",
  at: now - 120_000,
  seenAt: now,
  notBefore: null,
  reason: null,
} as unknown as InboxItem;

test("news says who sent it and when; what is unseen stands out, and its text passes for no other line", () => {
  expect(inboxLines([news, { ...news, seenAt: null }], now)).toEqual([
    "d1  linus in harbor  2 min ago, seen",
    "    The build is red.\n    Twice.",
    { text: "d1  linus in harbor  2 min ago", colour: "amber" },
    "    The build is red.\n    Twice.",
  ]);
  expect(inboxLines([], now)).toEqual(["Nothing was sent to you."]);
});

test("news that waits or did not get through says why", () => {
  const waits: InboxItem = { ...news, status: "waiting", notBefore: now + 7_200_000 };
  const dead: InboxItem = { ...news, status: "dead", channel: "telegram", reason: "blocked" };
  const again: InboxItem = { ...waits, reason: "the chat was busy" };
  expect(inboxLines([waits, again, dead], now).filter((_line, index) => index % 2 === 0)).toEqual([
    "d1  linus in harbor  2 min ago, waits for 2 h: your quiet hours, seen",
    "d1  linus in harbor  2 min ago, tried again in 2 h: the chat was busy, seen",
    "d1  linus in harbor  2 min ago, by telegram, not delivered: blocked, seen",
  ]);
});

test("quiet hours are said with their zone", () => {
  const quietHours = { from: "22:00", to: "07:00", zone: "Europe/Berlin" };
  expect(inboxSettingsLines({ quietHours, visibility: {}, channels: ["dashboard/ada"] })).toEqual([
    "Quiet from 22:00 to 07:00, Europe/Berlin.",
    "You are reached by dashboard/ada.",
  ]);
  const never = { ...quietHours, to: "22:00" };
  expect(inboxSettingsLines({ quietHours: never, visibility: {}, channels: [] })[0]).toBe(
    "Quiet from 22:00 to 22:00, Europe/Berlin: that is never.",
  );
});
