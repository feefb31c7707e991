import { expect, test } from "vitest";
import { turnEvents } from "../../test/cast.ts";
import { lastLine, storyOf, surelySaid } from "./story.ts";

const entry = (text: string) => ({ text, status: "pending" as const });
const said = (body: string) => ({ kind: "text", body }) as const;

test("a tool call that is told three times is one call, as it was told last", () => {
  const story = storyOf(
    turnEvents(
      { kind: "tool", body: { id: "t1", title: "Read", status: "pending" } },
      { kind: "tool", body: { id: "t2", title: "Run npm test", status: "running" } },
      { kind: "tool", body: { id: "t1", title: "Read pier.ts", status: "done" } },
    ),
  );
  expect(story.tools.map(({ title, status }) => `${title} ${status}`)).toEqual([
    "Read pier.ts done",
    "Run npm test running",
  ]);
});

test("a plan replaces the one before", () => {
  const story = storyOf(
    turnEvents(
      { kind: "plan", body: { entries: [entry("old")] } },
      { kind: "plan", body: { entries: [entry("new")] } },
    ),
  );
  expect(story.plan.map(({ text }) => text)).toEqual(["new"]);
});

test("pieces of an answer are one text, and a tool call between them begins a new line", () => {
  const tool = { kind: "tool", body: { id: "t", title: "Read", status: "done" } } as const;
  expect(storyOf(turnEvents(said("The pier "), said("stands."), tool, said("Done."))).output).toBe(
    "The pier stands.\nDone.",
  );
});

test("an escape that is cut in two by the pieces is still stripped", () => {
  expect(storyOf(turnEvents(said("a\u001B[3"), said("1mred"))).output).toBe("ared");
});

test("the live line is the last line that says something, and stays short", () => {
  expect(lastLine("first\nsecond \n\n")).toBe("second");
  expect(lastLine("x".repeat(5_000))).toHaveLength(160);
  expect(lastLine("")).toBe("");
});

test("of a schedule's answer nothing is shown before it is sure to be no OK, and never its token", () => {
  expect(surelySaid("HEARTBEAT_OK", "HEARTBEAT_OK")).toBe("");
  expect(surelySaid("All nets are dry.\nALL_FA", "ALL_FAST")).toBe("");
  const news = "The pier is loose. ".repeat(60);
  const shown = surelySaid(`${news}\nHEARTBEAT_OK`, "HEARTBEAT_OK");
  expect(shown).toMatch(/^The pier is loose/);
  expect(shown).not.toContain("HEARTBEAT");
});

test("what an agent says otherwise is shown as it comes", () => {
  expect(surelySaid("I look at HEARTBEAT_OK", null)).toBe("I look at HEARTBEAT_OK");
});
