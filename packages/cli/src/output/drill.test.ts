import { timingProfile } from "@muster/core";
import { expect, test } from "vitest";
import { isKept, promised } from "../drill/promises.ts";
import type { Measured } from "../drill/promises.ts";
import { drillLines } from "./drill.ts";
import { resultText } from "./envelope.ts";

const promises = promised(timingProfile("standard"));
const agent: Measured = {
  incident: "agent",
  promised: promises.agent,
  seenMs: 31,
  backMs: 1_140,
  taskKept: true,
};
const daemon: Measured = { ...agent, incident: "daemon", promised: promises.daemon, seenMs: null };
const backend: Measured = { ...agent, incident: "backend", promised: promises.backend };

test("a drill shows what it measured beside what is promised, and what broke a promise in red", async () => {
  const lines = drillLines([agent, daemon, { ...backend, backMs: null, taskKept: false }]);
  const text = resultText({ data: {}, summary: "", lines }, { json: false, colours: true });
  await expect(text).toMatchFileSnapshot("drill.golden.txt");
});

test.each([
  ["late to be seen", { seenMs: 251 }],
  ["late to be back", { backMs: promises.agent.backMs + 1 }],
  ["not back", { backMs: null }],
  ["at the cost of its task", { taskKept: false }],
])("a return that was %s broke a promise", (_how, more) => {
  expect(isKept(agent)).toBe(true);
  expect(isKept({ ...agent, ...more })).toBe(false);
});
