import { expect, test } from "vitest";
import { hunt, lineOf } from "../src/bugs/hunt.ts";
import { BUGS } from "../src/bugs/list.ts";

const MOST_MS = 8 * 60_000;

test("the simulation finds the bugs that are planted, all but one at most", async () => {
  const caught = await hunt(BUGS, {
    seeds: 200,
    hinted: true,
    side: 2,
    signal: AbortSignal.timeout(MOST_MS),
    onCatch: (one) => console.log(lineOf(one)),
  });
  expect(caught).toHaveLength(BUGS.length);
  const missed = caught.filter(({ found }) => found === null).map(({ bug }) => bug.name);
  expect(missed.slice(1)).toEqual([]);
  const wrong = caught.filter(
    ({ bug, found }) => found !== null && !bug.rules.includes(found.rule),
  );
  expect(wrong.map(lineOf)).toEqual([]);
});
