import { expect, test } from "vitest";
import { checklistText, planOf, readChecklist, slugOf } from "./checklist.ts";

test("sentences, lines and clauses become steps", () => {
  expect(planOf("Write a haiku. Paint the lighthouse! Then tell ada.").steps).toEqual([
    "Write a haiku",
    "Paint the lighthouse",
    "Then tell ada",
  ]);
  expect(planOf("- mend the net\n2. wash the deck\n* sail").steps).toEqual([
    "Mend the net",
    "Wash the deck",
    "Sail",
  ]);
  expect(planOf("mend the net, wash the deck and sail").steps).toEqual([
    "Mend the net",
    "Wash the deck",
    "Sail",
  ]);
});

test.each([
  ["nothing", ""],
  ["one word", "haiku"],
  ["a novel", "Call me. ".repeat(20_000)],
  ["one endless line", "x".repeat(200_000)],
  ["marks only", "--- *** ### ..."],
  ["a checklist in disguise", "# Title\n- [ ] a\n- [ ] b"],
])("%s becomes a plan of three to five short steps", (_what, request) => {
  const { title, steps } = planOf(request);

  expect(steps.length).toBeGreaterThanOrEqual(3);
  expect(steps.length).toBeLessThanOrEqual(5);
  for (const text of [title, ...steps]) expect(text).toMatch(/^\S.{0,159}$/);
});

test("the builder reads the very plan that the planner has made", () => {
  const plan = planOf("Write a haiku, add a lighthouse and paint it red");

  expect(readChecklist(checklistText(plan))).toEqual(plan);
});

test("a title cannot lead a file out of its directory", () => {
  expect(slugOf("../../etc/passwd")).toBe("etc-passwd");
  expect(slugOf("Größe: Ärger & Übermut")).toBe("gro-e-arger-ubermut");
  expect(slugOf("灯台")).toBe("plan");
});
