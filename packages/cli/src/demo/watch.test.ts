import { answerOf } from "@muster/core";
import { expect, test } from "vitest";
import { watched } from "./watch.ts";

test("each open item is named, and what is ticked off or no item is not", () => {
  const text = [
    'This is your heartbeat "watch". Look after what is yours.',
    "Due: 2 open in HEARTBEAT.md.",
    "- [x] the net",
    "- [ ] the boat  ",
    "  1. [ ] the tide",
    "- [ ]",
    "- mend whatever is broken",
  ].join("\n");
  expect(watched(text)).toEqual({
    news: true,
    text: "Open in HEARTBEAT.md:\n- the boat\n- the tide",
  });
});

test("nothing open is an OK, whatever token the schedule names", () => {
  const { news, text } = watched("Due: HEARTBEAT.md has changed.\n- [x] the net");
  expect(news).toBe(false);
  expect(answerOf(text, "ALL_QUIET")).toEqual({ kind: "ok", text: "" });
});
