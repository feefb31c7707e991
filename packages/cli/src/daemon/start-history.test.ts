import { expect, test } from "vitest";
import { mini, timing } from "./mini.fixture.ts";

const HOUR = 3_600_000;
const crash = { code: 1, signal: null, tail: "out of ideas" };

test("a clock that was set back between two daemons delays no start by more than its backoff, and gives none away", async () => {
  const before = await mini();
  await before.exit(crash);
  await before.clock.pass(timing.BACKOFF_MAX_MS);
  await before.exit(crash);
  const { kept, clock } = before;
  const anHourAhead = (start: (typeof kept)[number]) => ({
    ...start,
    at: start.at + HOUR,
    endedAt: clock.now() + HOUR,
  });
  const builder = await mini({ history: kept.map(anHourAhead), now: clock.now() });
  expect(builder.news()).toEqual([]);
  await builder.clock.pass(timing.BACKOFF_MAX_MS);
  expect(builder.news()).toEqual(["launch"]);
  await builder.exit(crash);
  expect(builder.news().at(-1)).toBe("gave up after 3 starts");
});
