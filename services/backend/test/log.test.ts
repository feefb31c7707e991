import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../convex/_generated/api.js";
import { beginTurn, take } from "./cast.ts";
import { openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";
import { MINUTE, SECOND, answer, keepWatch, pass, schedule, write } from "./schedule-cast.ts";
import type { Watch } from "./schedule-cast.ts";

const room = "harbor";
const RED = "The build is red.";

let home: TestHome;
let watch: Watch;
let logged: string[];
beforeEach(async () => {
  home = await openTestHome();
  watch = await keepWatch(home);
  await write(watch, "- [ ] the build is green");
  logged = [];
  vi.spyOn(console, "info").mockImplementation((line: string) => void logged.push(line));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await home.close();
});

type Line = Record<string, string | number | boolean>;
/** The lines since the last look, each as the program reads it that looks for one event. */
const lines = () => logged.splice(0).map((line) => JSON.parse(line) as Line);
/** What the line of every tick of this schedule says of it. */
const tick = { schedule: expect.any(String) as string, role: "planner", manual: false, missed: 0 };

/** planner's turn about its tick costs so much, and it answers that the build is red. */
async function turnThatCosts(amount: number): Promise<void> {
  const held = await take(watch.planner);
  const { holder, turnId } = await beginTurn(watch.planner, held);
  const { role, epoch, caller } = holder;
  const usage = { cost: { amount, currency: "USD" } };
  await caller.mutation(api.turns.end, {
    room,
    role,
    epoch,
    turnId,
    stopReason: "end_turn",
    usage,
  });
  await answer(watch, RED, held);
}

test("each tick is a line of the log: that it woke, what it cost, how it ended, or why it was skipped", async () => {
  await watch.ada.mutation(api.schedules.configure, { room, costPerDay: 2 });
  await schedule(watch);
  await pass(watch, SECOND);
  await turnThatCosts(2);
  expect(lines()).toMatchObject([
    { event: "tick.woken", ...tick },
    { event: "tick.charged", ...tick, cost: 2 },
    { event: "tick.ended", ...tick, outcome: "alert" },
  ]);
  await pass(watch, 30 * MINUTE);
  expect(lines()).toMatchObject([
    { event: "notice.raised", kind: "capped", schedule: tick.schedule },
    { event: "tick.skipped", ...tick, reason: "capped" },
  ]);
});

test("each delivery is a line of the log, without its words, and so is each attempt that failed, and its end", async () => {
  await schedule(watch, { target: "owner" });
  await pass(watch, SECOND);
  await answer(watch, RED);
  expect(logged.join("\n")).not.toContain(RED);
  const created = lines().find(({ event }) => event === "delivery.created");
  expect(created).toMatchObject({ channel: "dashboard", schedule: tick.schedule });
  const deliveryId = String(created?.["delivery"]);
  const claim = async () => {
    const { attempt } = await watch.ada.mutation(api.deliveries.claim, { deliveryId });
    return { deliveryId, attempt };
  };
  const reason = "the tab was closed";
  await watch.ada.mutation(api.deliveries.fail, { ...(await claim()), reason });
  await pass(watch, 10 * MINUTE);
  await watch.ada.mutation(api.deliveries.receipt, await claim());
  expect(lines()).toMatchObject([
    { event: "delivery.retried", delivery: deliveryId, attempt: 1, reason },
    { event: "delivery.sent", delivery: deliveryId, channel: "dashboard" },
  ]);
});

test("a notice of the server is a line of the log", async () => {
  const notice = { kind: "restart", text: "Muster restarts." } as const;
  const { noticeId } = await home.admin.mutation(internal.notices.announce, notice);
  expect(lines()).toEqual([{ event: "notice.announced", kind: "restart", notice: noticeId }]);
});
