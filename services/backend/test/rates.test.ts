import { FLOOD, RATES } from "@muster/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../convex/_generated/api.js";
import { addRemote, newKey, openHarbor, refusalOf, refused, signIn, sit, take } from "./cast.ts";
import { openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";

let home: TestHome;
beforeEach(async () => {
  home = await openTestHome();
});
afterEach(async () => {
  await home.close();
});

const room = "harbor";
const MINUTE = 60_000;

/** How often it is let in before it is refused for coming too often. */
async function letIn(call: () => Promise<unknown>, most: number): Promise<number> {
  for (let times = 0; times < most; times += 1) {
    const kind = await refusalOf(call());
    if (kind === "limit") return times;
    if (kind !== "accepted") throw new Error(kind);
  }
  return most;
}

test("a secret is exchanged only so often, each seat by itself, and again after a while", async () => {
  const { adaSecret } = await openHarbor(home);
  const exchange = async () => await signIn(home, adaSecret);
  // Opening harbor took one.
  expect(await letIn(exchange, 1_000)).toBe(RATES.exchange.burst - 1);
  const seat = { room, role: "planner" };
  expect(await refusalOf(signIn(home, adaSecret, seat))).toBe("accepted");
  await home.advance(MINUTE);
  expect(await letIn(exchange, 1_000)).toBe(RATES.exchange.perMinute);
});

test("sign-in links are made only so often, and the refusal says when to come again", async () => {
  const { ada } = await openHarbor(home);
  const create = async () => await ada.mutation(api.auth.createCode, {});
  expect(await letIn(create, 1_000)).toBe(RATES.code.burst);
  expect(await refused(create())).toEqual({
    kind: "limit",
    message: "Too often: try again in 6 s.",
  });
});

test("a role is sat down in only so often", async () => {
  const harbor = await openHarbor(home);
  const { caller, role, holderId } = await sit(harbor, "planner");
  const join = async () => await caller.mutation(api.participants.join, { room, role, holderId });
  expect(await letIn(join, 1_000)).toBe(RATES.join.burst - 1);
  expect(await refusalOf(sit(harbor, "builder"))).toBe("accepted");
});

test("who floods a room is not heard for a while; the others are, and so is who flooded, later", async () => {
  const harbor = await openHarbor(home);
  const planner = await sit(harbor, "planner");
  await harbor.send("plan");
  const held = await take(planner);
  const say = async () =>
    await planner.caller.mutation(api.messages.reportProgress, {
      ...held,
      text: "still at it",
      key: newKey(),
    });
  expect(await letIn(say, 2 * FLOOD.messages)).toBe(FLOOD.messages / 2);
  expect(await refusalOf(harbor.send("stop it"))).toBe("accepted");
  await home.advance(MINUTE);
  expect(await refusalOf(say())).toBe("accepted");
});

test("a request that is repeated is answered again although its sender floods", async () => {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  const first = { room, to: "builder", text: "build", key: newKey() };
  const sent = await harbor.ada.mutation(api.messages.send, first);
  const send = async () => await harbor.send("build", "builder");
  expect(await letIn(send, 2 * FLOOD.messages)).toBe(FLOOD.messages / 2 - 1);
  expect(await harbor.ada.mutation(api.messages.send, first)).toEqual(sent);
});

test("a benchmark may lift the limits by the deployment's variable", async () => {
  vi.stubEnv("MUSTER_RATES", "off");
  const { ada } = await openHarbor(home);
  const create = async () => await ada.mutation(api.auth.createCode, {});
  expect(await letIn(create, 2 * RATES.code.burst)).toBe(2 * RATES.code.burst);
});

test("what was counted goes after a day", async () => {
  await openHarbor(home);
  const rows = async () =>
    (await home.t.run(async (ctx) => await ctx.db.query("rates").collect())).length;
  expect(await rows()).toBeGreaterThan(0);
  vi.setSystemTime(Date.now() + 24 * 60 * MINUTE);
  await home.admin.mutation(internal.deadlines.cleanupStaleAgents, {});
  expect(await rows()).toBe(0);
});

test("an agent asks new questions only so often; what is open already may be asked again", async () => {
  const harbor = await openHarbor(home);
  const planner = await sit(harbor, "planner");
  await harbor.send("plan");
  const held = await take(planner);
  const ask = async (text: string) =>
    await planner.caller.mutation(api.questions.ask, { ...held, text, key: newKey() });
  let count = 0;
  expect(await letIn(async () => await ask(`Which ${(count += 1)}?`), 1_000)).toBe(RATES.ask.burst);
  expect(await refusalOf(ask("Which 1?"))).toBe("accepted");
});
