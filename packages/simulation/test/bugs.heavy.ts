import { expect, test } from "vitest";
import { hunt, lineOf } from "../src/bugs/hunt.ts";
import { BUGS } from "../src/bugs/list.ts";

const MOST_MS = 8 * 60_000;
/** Of the longest list that was ever promised, twenty bugs, all but one. */
const LEAST = 19;

test("the simulation finds nineteen of the bugs that are planted, or more", async () => {
  const caught = await hunt(BUGS, {
    seeds: 60,
    hinted: true,
    side: 2,
    signal: AbortSignal.timeout(MOST_MS),
    onCatch: (one) => console.log(lineOf(one)),
  });
  const found = caught.filter((one) => one.found !== null);
  expect(found.length).toBeGreaterThanOrEqual(LEAST);
  const wrong = found.filter(({ bug, found: by }) => by !== null && !bug.rules.includes(by.rule));
  expect(wrong.map(lineOf)).toEqual([]);
});
