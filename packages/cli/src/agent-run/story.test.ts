import { eventProblem, MAX_TURN_EVENTS } from "@muster/core";
import { expect, test } from "vitest";
import { Story } from "./story.ts";
import type { RecordedEvent } from "./story.ts";

const ALL = { all: true };
const NOW = { all: false };
/** Not in one piece in this file, so that nobody takes it for a real one. */
const SECRET = ["ghp", "abcdefghijklmnopqrstuvwxyz0123"].join("_");

function wordsOf(events: readonly RecordedEvent[]): string {
  return events
    .map(({ body }) => (typeof body === "string" ? body : JSON.stringify(body)))
    .join("");
}

test("words that belong together are one event, and another kind of event ends them", () => {
  const story = new Story();
  for (const word of ["The ", "net ", "is mended."]) story.add({ kind: "text", text: word });
  story.add({ kind: "thought", text: "Or is it?" });
  story.add({ kind: "tool", id: "1", title: "ls", status: "running" });
  story.add({ kind: "text", text: "It is." });

  expect(story.take(10, ALL)).toEqual([
    { kind: "text", body: "The net is mended." },
    { kind: "thought", body: "Or is it?" },
    { kind: "tool", body: { id: "1", title: "ls", status: "running" } },
    { kind: "text", body: "It is." },
  ]);
  expect(story.isEmpty).toBe(true);
});

test("a tool call that changes before it is told is told as it is now", () => {
  const story = new Story();
  story.add({ kind: "tool", id: "1", title: "ls", status: "pending" });
  story.add({ kind: "tool", id: "1", title: "ls", status: "done", output: "net.txt" });

  expect(story.take(10, NOW)).toEqual([
    { kind: "tool", body: { id: "1", title: "ls", status: "done", output: "net.txt" } },
  ]);
});

test("a secret that arrives in pieces, on both sides of a batch, is never recorded", () => {
  const story = new Story();
  const told: RecordedEvent[] = [];
  for (const piece of ["Found\n", "the key ", SECRET.slice(0, 12), SECRET.slice(12), " here"]) {
    story.add({ kind: "text", text: piece });
    told.push(...story.take(10, NOW));
  }
  told.push(...story.take(10, ALL));

  expect(wordsOf(told)).toBe("Found\nthe key [redacted] here");
});

test("a private key of many lines is held back until it ends, and is not recorded", () => {
  const story = new Story();
  const told: RecordedEvent[] = [];
  const mark = "PRIVATE KEY-----";
  const lines = Array.from({ length: 30 }, () => "c2VjcmV0".repeat(8));
  const key = [`-----BEGIN ${mark}`, ...lines, `-----END ${mark}`, "done"];
  for (const line of key) {
    story.add({ kind: "text", text: `${line}\n` });
    told.push(...story.take(10, NOW));
  }
  told.push(...story.take(10, ALL));

  expect(wordsOf(told)).toBe("[redacted]\ndone\n");
});

test("every event fits, whatever a harness writes", () => {
  const story = new Story();
  const long = '\u0007\u001b[31mä"\n'.repeat(20_000);
  story.add({ kind: "text", text: long });
  story.add({ kind: "notice", text: long });
  story.add({ kind: "tool", id: long, title: long, status: "running", output: long });
  story.add({
    kind: "plan",
    entries: Array.from({ length: 500 }, () => ({ text: long, status: "pending" as const })),
  });

  const events = story.take(1_000, ALL);

  expect(new Set(events.map(({ kind }) => kind))).toEqual(
    new Set(["text", "notice", "tool", "plan"]),
  );
  expect(
    events.map(({ body }) => eventProblem(body)).filter((problem) => problem !== null),
  ).toEqual([]);
  expect(wordsOf(events)).not.toContain("\u001b");
});

test("a flood keeps the newest and says how much of it is missing", () => {
  const story = new Story();
  for (let net = 0; net < 2_000; net += 1) {
    story.add({ kind: "tool", id: String(net), title: `net ${net}`, status: "done" });
  }

  const events = story.take(10_000, ALL);

  expect(events.length).toBeLessThanOrEqual(MAX_TURN_EVENTS);
  expect(wordsOf(events.slice(0, 1))).toMatch(/^\d+ events were too many to be recorded$/);
  expect(wordsOf(events.slice(-1))).toContain("net 1999");
});
