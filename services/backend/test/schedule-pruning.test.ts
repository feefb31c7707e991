import { afterEach, beforeEach, expect, test } from "vitest";
import { api } from "../convex/_generated/api.js";
import { openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";
import {
  HOUR,
  MINUTE,
  SECOND,
  answer,
  keepWatch,
  noticesOf,
  pass,
  schedule,
  ticksOf,
  write,
} from "./schedule-cast.ts";
import type { Watch } from "./schedule-cast.ts";

const room = "harbor";
const DAY = 24 * HOUR;

let home: TestHome;
let watch: Watch;
beforeEach(async () => {
  home = await openTestHome();
  watch = await keepWatch(home);
  await write(watch, "- [ ] the build is green");
});
afterEach(async () => {
  await home.close();
});

const deliveries = async () =>
  await home.t.run(async (ctx) => await ctx.db.query("deliveries").collect());

/** What the clean-up told the room of. */
const clearances = async () => (await noticesOf(watch)).filter(({ kind }) => kind === "cleanup");

test("what schedules leave behind is cleared away in the end", async () => {
  await schedule(watch, { target: "owner" });
  await pass(watch, SECOND);
  await answer(watch, "The build is red.");
  await watch.ada.mutation(api.schedules.pause, { room, schedule: "nightly" });
  await pass(watch, 46 * DAY);
  for (let round = 0; round < 3; round += 1) await home.advance(2 * MINUTE);
  expect(await ticksOf(watch)).toEqual([]);
  expect(await deliveries()).toMatchObject([{ status: "dead" }]);
  await pass(watch, 31 * DAY);
  await home.advance(2 * MINUTE);
  expect(await deliveries()).toEqual([]);
  expect(await clearances()).toMatchObject([
    {
      text: "News of nightly that reached nobody was cleared away, 30 days after it was given up.",
    },
  ]);
});

test("news that somebody got or looked at is cleared away without a word", async () => {
  await schedule(watch, { target: "owner" });
  for (const end of ["sent", "seen"]) {
    await pass(watch, end === "sent" ? SECOND : 30 * MINUTE);
    await answer(watch, `The build is red, and this is ${end}.`);
  }
  await watch.ada.mutation(api.schedules.pause, { room, schedule: "nightly" });
  const [sent, seen] = (await deliveries()).map(({ _id }) => _id);
  const { attempt } = await watch.ada.mutation(api.deliveries.claim, { deliveryId: sent ?? "" });
  await watch.ada.mutation(api.deliveries.receipt, { deliveryId: sent ?? "", attempt });
  await pass(watch, 15 * DAY);
  await watch.ada.mutation(api.inbox.seen, { deliveryIds: [seen ?? ""] });
  expect(await deliveries()).toMatchObject([{ status: "sent" }, { status: "dead" }]);
  await pass(watch, 31 * DAY);
  for (let round = 0; round < 3; round += 1) await home.advance(2 * MINUTE);
  expect(await deliveries()).toEqual([]);
  expect(await clearances()).toEqual([]);
});
