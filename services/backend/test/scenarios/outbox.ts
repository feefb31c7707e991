import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { newKey, refusalOf, refused } from "../cast.ts";
import type { Home, Scenarios } from "../home.ts";
import {
  HOUR,
  MINUTE,
  SECOND,
  answer,
  keepWatch,
  pass,
  schedule,
  ticksOf,
  write,
} from "../schedule-cast.ts";
import type { Watch } from "../schedule-cast.ts";

const room = "harbor";

/** planner has just told something that goes to the target. */
async function newsFor(home: Home, target: string): Promise<Watch> {
  const watch = await keepWatch(home);
  await write(watch, "- [ ] the build is green");
  await schedule(watch, { target });
  await pass(watch, SECOND);
  await answer(watch, "The build is red.");
  return watch;
}

// A scenario begins at 22:13 in this zone.
const QUIET = { from: "22:00", to: "23:00", zone: "UTC" };

/** News for ada, told within her quiet hours. */
async function heldBack(home: Home): Promise<Watch> {
  const watch = await keepWatch(home);
  await watch.ada.mutation(api.inbox.configure, { quietHours: QUIET });
  await write(watch, "- [ ] the build is green");
  await schedule(watch, { target: "dashboard/ada" });
  await pass(watch, SECOND);
  await answer(watch, "The build is red.");
  return watch;
}

const inbox = async ({ ada }: Watch) => await ada.query(api.inbox.list, {});
const outgoing = async ({ ada }: Watch) => (await ada.query(api.deliveries.outgoing, {})).items;

async function claimFirst(watch: Watch) {
  const [first] = await outgoing(watch);
  const deliveryId = first?._id ?? "";
  const claimed = await watch.ada.mutation(api.deliveries.claim, { deliveryId });
  return { deliveryId, ...claimed };
}

export const outbox: Scenarios = {
  "without a target the news stays in the room": async (home) => {
    const watch = await newsFor(home, "none");
    expect(await inbox(watch)).toEqual({ unseen: 0, items: [] });
    expect((await ticksOf(watch))[0]).toMatchObject({ outcome: "alert", withheld: null });
  },

  "news reaches the owner's inbox, is shown by one tab, and is seen once": async (home) => {
    const watch = await newsFor(home, "owner");
    const { items, unseen } = await inbox(watch);
    expect(unseen).toBe(1);
    expect(items).toMatchObject([
      { channel: "dashboard", status: "pending", roomName: "harbor", text: "The build is red." },
    ]);
    const { deliveryId, attempt, delivery } = await claimFirst(watch);
    expect(delivery).toMatchObject({ title: "planner in harbor", text: "The build is red." });
    const second = await watch.ada.mutation(api.deliveries.claim, { deliveryId });
    expect(second).toMatchObject({ accepted: false, delivery: null });
    const receipt = { deliveryId, attempt };
    expect(await watch.ada.mutation(api.deliveries.receipt, receipt)).toEqual({ accepted: true });
    expect(await watch.ada.mutation(api.deliveries.receipt, receipt)).toEqual({ accepted: false });
    expect((await inbox(watch)).items).toMatchObject([{ status: "sent", seenAt: null }]);
    const seen = { deliveryIds: [deliveryId, "nothing"] };
    expect(await watch.ada.mutation(api.inbox.seen, seen)).toEqual({
      unseen: 0,
      unknown: ["nothing"],
    });
  },

  "a carrier that dies after its claim loses it: the next attempt is another one's": async (
    home,
  ) => {
    const watch = await newsFor(home, "owner");
    const first = await claimFirst(watch);
    await home.advance(MINUTE + 10 * SECOND);
    const second = await claimFirst(watch);
    expect(second).toMatchObject({ deliveryId: first.deliveryId, accepted: true, attempt: 2 });
    const late = { deliveryId: first.deliveryId, attempt: first.attempt };
    expect(await watch.ada.mutation(api.deliveries.receipt, late)).toEqual({ accepted: false });
    const { deliveryId, attempt } = second;
    const done = await watch.ada.mutation(api.deliveries.receipt, { deliveryId, attempt });
    expect(done).toEqual({ accepted: true });
  },

  "the outbox outlives a restart at every phase of a delivery": async (home) => {
    const watch = await newsFor(home, "owner");
    await pass(watch, MINUTE);
    const { deliveryId, attempt } = await claimFirst(watch);
    await pass(watch, 2 * MINUTE);
    const stale = await watch.ada.mutation(api.deliveries.receipt, { deliveryId, attempt });
    expect(stale).toEqual({ accepted: false });
    const again = await claimFirst(watch);
    expect(again.attempt).toBe(2);
    await watch.ada.mutation(api.deliveries.receipt, { deliveryId, attempt: 2 });
    await pass(watch, MINUTE);
    expect((await inbox(watch)).items).toMatchObject([{ status: "sent", attempt: 2 }]);
  },

  "what never arrives is given up with its reason, and a person may have it tried again": async (
    home,
  ) => {
    const watch = await newsFor(home, "owner");
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      const { deliveryId } = await claimFirst(watch);
      await watch.ada.mutation(api.deliveries.fail, { deliveryId, attempt, reason: "no answer" });
      await home.advance(31 * MINUTE);
    }
    const [dead] = (await inbox(watch)).items;
    expect(dead).toMatchObject({
      status: "dead",
      reason: "given up after 8 attempts: no answer",
    });
    const deliveryId = dead?._id ?? "";
    const retried = await watch.ada.mutation(api.deliveries.retry, { deliveryId });
    expect(retried).toEqual({ status: "pending" });
    expect(await claimFirst(watch)).toMatchObject({ accepted: true, attempt: 9 });
    const never = { deliveryId, attempt: 9, reason: "blocked by the reader", never: true };
    expect((await watch.ada.mutation(api.deliveries.fail, never)).status).toBe("dead");
    await watch.ada.mutation(api.deliveries.retry, { deliveryId });
    expect(await refusalOf(watch.ada.mutation(api.deliveries.retry, { deliveryId }))).toBe(
      "illegal_transition",
    );
  },

  "in a person's quiet hours their news waits for the end": async (home) => {
    const watch = await heldBack(home);
    expect(await outgoing(watch)).toEqual([]);
    expect(await inbox(watch)).toMatchObject({ unseen: 0, items: [{ status: "waiting" }] });
    await home.advance(HOUR);
    expect(await outgoing(watch)).toHaveLength(1);
    const settings = await watch.ada.mutation(api.inbox.configure, { quietHours: null });
    expect(settings).toEqual({ quietHours: null, visibility: {}, channels: ["dashboard/ada"] });
    const wrong = { quietHours: { ...QUIET, zone: "Mars" } };
    expect(await refused(watch.ada.mutation(api.inbox.configure, wrong))).toMatchObject({
      kind: "invalid",
    });
  },

  "what quiet hours held back is there at once when they are switched off": async (home) => {
    const watch = await heldBack(home);
    await watch.ada.mutation(api.inbox.configure, { visibility: { showOk: true } });
    expect(await outgoing(watch)).toEqual([]);
    await watch.ada.mutation(api.inbox.configure, { quietHours: null });
    expect(await claimFirst(watch)).toMatchObject({ accepted: true, attempt: 1 });
    expect(await inbox(watch)).toMatchObject({ unseen: 1, items: [{ notBefore: null }] });
  },

  "what quiet hours held back follows their end, sooner or later": async (home) => {
    const watch = await heldBack(home);
    const later = { from: "22:00", to: "23:45", zone: "UTC" };
    await watch.ada.mutation(api.inbox.configure, { quietHours: later });
    await home.advance(HOUR);
    expect(await outgoing(watch)).toEqual([]);
    // It is 23:13 by now.
    const sooner = { ...later, to: "23:20" };
    await watch.ada.mutation(api.inbox.configure, { quietHours: sooner });
    expect(await outgoing(watch)).toEqual([]);
    await home.advance(10 * MINUTE);
    expect(await outgoing(watch)).toHaveLength(1);
  },

  "ending quiet hours leaves alone what waits for another attempt": async (home) => {
    const watch = await newsFor(home, "owner");
    const { deliveryId, attempt } = await claimFirst(watch);
    await watch.ada.mutation(api.deliveries.fail, { deliveryId, attempt, reason: "no answer" });
    await watch.ada.mutation(api.inbox.configure, { quietHours: null });
    expect(await outgoing(watch)).toEqual([]);
  },

  "the last speaker gets the news when a member is the last who spoke": async (home) => {
    const watch = await keepWatch(home);
    await watch.send("keep an eye on the build", "builder");
    await write(watch, "- [ ] the build is green");
    await schedule(watch, { target: "last" });
    await pass(watch, SECOND);
    await answer(watch, "The build is red.");
    expect((await inbox(watch)).items).toHaveLength(1);
  },

  "before anybody has spoken there is nobody to send it to, and that is said": async (home) => {
    const watch = await newsFor(home, "last");
    expect((await inbox(watch)).items).toEqual([]);
    expect((await ticksOf(watch))[0]).toMatchObject({ outcome: "alert", withheld: "no-target" });
  },

  "the same news in the same words is sent once a day, whatever happens between": async (home) => {
    const watch = await newsFor(home, "owner");
    for (const text of ["the build is red", "The tests are red.", "THE BUILD IS RED!"]) {
      await pass(watch, 30 * MINUTE);
      await answer(watch, text);
    }
    expect((await inbox(watch)).items.map(({ text }) => text)).toEqual([
      "The tests are red.",
      "The build is red.",
    ]);
    for (let half = 0; half < 2; half += 1) await pass(watch, 12 * HOUR);
    await answer(watch, "The build is red.");
    expect((await inbox(watch)).items).toHaveLength(3);
  },

  "a reply that was lost is asked for again and sends nothing twice": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, "- [ ] the build is green");
    await schedule(watch, { target: "owner" });
    await pass(watch, SECOND);
    const { caller, epoch, holderId } = watch.planner;
    const seat = { room, role: "planner", epoch };
    const next = await caller.query(api.tasks.next, { room, role: "planner" });
    const claim = { ...seat, taskId: next?.taskId ?? "" };
    const { token } = await caller.mutation(api.tasks.claim, { ...claim, holderId });
    const said = { ...claim, token, notify: true, text: "The build is red.", key: newKey() };
    const first = await caller.mutation(api.schedules.respond, said);
    expect(await caller.mutation(api.schedules.respond, said)).toEqual(first);
    expect((await inbox(watch)).items).toHaveLength(1);
  },
};
