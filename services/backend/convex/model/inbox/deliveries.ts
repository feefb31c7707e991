import {
  DASHBOARD,
  DELIVERY_ATTEMPTS,
  DELIVERY_CLAIM_MS,
  DELIVERY_KEPT_MS,
  TEXT_LIMITS,
  headOf,
  quietUntil,
  redeliveryDelay,
} from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import type { Principal } from "../access/access.ts";
import { arm } from "../deadlines/arming.ts";
import { logLine } from "../log.ts";
import { refusal } from "../refusal.ts";
import { isMember, linkedChannels, settingsOf } from "./routing.ts";
import type { Recipient } from "./routing.ts";
import * as scheduleStates from "../schedules/states.ts";

type Delivery = Doc<"deliveries">;
type News = {
  readonly schedule: Doc<"schedules">;
  readonly title: string;
  readonly text: string;
  readonly messageId?: Id<"messages">;
};
type Report = { readonly attempt: number };

const PAGE = 64;
/** What quiet hours held back is moved with their end, the oldest of each channel first; more keeps its own time. */
const HELD = 128;

/** Puts news into the outbox, in the very mutation that made it; within the person's quiet hours it waits. */
export async function create(
  ctx: MutationCtx,
  { user, channel, address, carrierId }: Omit<Recipient, "visibility">,
  { schedule, title, text, messageId }: News,
): Promise<void> {
  const now = Date.now();
  const from = await heard(ctx, user._id, now);
  const waits = from > now;
  const dueAt = waits ? from : now + DELIVERY_KEPT_MS;
  const id = await ctx.db.insert("deliveries", {
    userId: user._id,
    roomId: schedule.roomId,
    role: schedule.role,
    scheduleId: schedule._id,
    channel,
    title,
    text: headOf(text, TEXT_LIMITS.message),
    at: now,
    status: waits ? "waiting" : "pending",
    attempt: 0,
    triesLeft: DELIVERY_ATTEMPTS,
    dueAt,
    ...(address === undefined ? {} : { address }),
    ...(carrierId === undefined ? {} : { carrierId }),
    ...(messageId === undefined ? {} : { messageId }),
  });
  await arm(ctx, dueAt);
  logLine("delivery.created", { delivery: id, channel, schedule: schedule._id });
}

/** The first moment from `now` on at which the person's quiet hours let news through. */
async function heard(ctx: MutationCtx, userId: Id<"users">, now: number): Promise<number> {
  const quiet = (await settingsOf(ctx, userId))?.quietHours;
  return quiet === undefined ? now : quietUntil(quiet, now);
}

/** The person's quiet hours are others now: what the earlier ones held back waits for the new end, or may go at once. */
export async function reconsiderHeld(ctx: MutationCtx, userId: Id<"users">): Promise<void> {
  const now = Date.now();
  const dueAt = await heard(ctx, userId, now);
  const kinds = (await linkedChannels(ctx, userId)).map(({ kind }) => kind);
  for (const channel of [DASHBOARD, ...kinds])
    for (const delivery of await held(ctx, userId, channel)) {
      if (dueAt <= now) await offer(ctx, delivery);
      else await ctx.db.patch("deliveries", delivery._id, { dueAt });
    }
  if (dueAt > now) await arm(ctx, dueAt);
}

/** What waits and was never tried; a further attempt has a time of its own. */
async function held(
  ctx: MutationCtx,
  userId: Id<"users">,
  channel: string,
): Promise<readonly Delivery[]> {
  const waiting = await ctx.db
    .query("deliveries")
    .withIndex("by_userId_and_channel_and_status", (q) =>
      q.eq("userId", userId).eq("channel", channel).eq("status", "waiting"),
    )
    .take(HELD);
  return waiting.filter(({ attempt }) => attempt === 0);
}

/** What the caller may claim now: a person for the dashboard, a machine for the channels that it carries. */
export async function outgoing(ctx: QueryCtx, { credential, user }: Principal) {
  const { kind, machineId } = credential;
  if (kind === "machine")
    return machineId === undefined ? [] : (await carriedBy(ctx, machineId)).map(view);
  const own = await ctx.db
    .query("deliveries")
    .withIndex("by_userId_and_channel_and_status", (q) =>
      q.eq("userId", user._id).eq("channel", DASHBOARD).eq("status", "pending"),
    )
    .take(PAGE);
  return own.map(view);
}

async function carriedBy(ctx: QueryCtx, machineId: Id<"machines">): Promise<Delivery[]> {
  return await ctx.db
    .query("deliveries")
    .withIndex("by_carrierId_and_status", (q) =>
      q.eq("carrierId", machineId).eq("status", "pending"),
    )
    .take(PAGE);
}

function view({ _id, channel, address, attempt }: Delivery) {
  return { _id, channel, address: address ?? null, attempt };
}

/**
 * One carrier gets it for a minute, whoever else asks. Null: it is not to be had now. What is said in a room reaches
 * nobody who has left it meanwhile.
 */
export async function claim(ctx: MutationCtx, delivery: Delivery) {
  if (delivery.status !== "pending") return null;
  if (!(await isMember(ctx, delivery.roomId, delivery.userId))) {
    await bury(ctx, delivery, "they are no member of the room any more");
    return null;
  }
  const attempt = delivery.attempt + 1;
  const dueAt = Date.now() + DELIVERY_CLAIM_MS;
  const triesLeft = delivery.triesLeft - 1;
  await ctx.db.patch("deliveries", delivery._id, { status: "claimed", attempt, triesLeft, dueAt });
  await arm(ctx, dueAt);
  const room = await ctx.db.get("rooms", delivery.roomId);
  const { title, text, role, messageId, address } = delivery;
  return {
    attempt,
    delivery: {
      title,
      text,
      role,
      roomName: room?.name ?? "",
      messageId: messageId ?? null,
      address: address ?? null,
    },
  };
}

/** It has arrived. False for a claim that is over: somebody else has it by now. */
export async function receipt(
  ctx: MutationCtx,
  delivery: Delivery,
  report: Report & { readonly receipt?: string },
): Promise<boolean> {
  if (!holds(delivery, report)) return false;
  const words = report.receipt === undefined ? {} : { receipt: report.receipt };
  await finish(ctx, delivery, { status: "sent", ...words });
  await scheduleStates.count(ctx, delivery.scheduleId, "sent");
  return true;
}

/** It has not arrived: another attempt follows, unless there were enough or there never will be a way. */
export async function fail(
  ctx: MutationCtx,
  delivery: Delivery,
  report: Report & { readonly reason: string; readonly never?: boolean },
): Promise<{ accepted: boolean; status: Delivery["status"] }> {
  if (!holds(delivery, report)) return { accepted: false, status: delivery.status };
  const { reason, never = false } = report;
  return { accepted: true, status: await giveBack(ctx, delivery, reason, never) };
}

const holds = (delivery: Delivery, { attempt }: Report) =>
  delivery.status === "claimed" && delivery.attempt === attempt;

async function giveBack(
  ctx: MutationCtx,
  delivery: Delivery,
  reason: string,
  never: boolean,
): Promise<Delivery["status"]> {
  if (never || delivery.triesLeft <= 0) {
    const tried = never ? reason : `given up after ${DELIVERY_ATTEMPTS} attempts: ${reason}`;
    await bury(ctx, delivery, tried);
    return "dead";
  }
  const tries = DELIVERY_ATTEMPTS - delivery.triesLeft;
  const dueAt = Date.now() + redeliveryDelay(tries, Math.random());
  await ctx.db.patch("deliveries", delivery._id, { status: "waiting", dueAt, reason });
  await arm(ctx, dueAt);
  await scheduleStates.count(ctx, delivery.scheduleId, "retries");
  logLine("delivery.retried", { delivery: delivery._id, attempt: delivery.attempt, reason });
  return "waiting";
}

async function bury(ctx: MutationCtx, delivery: Delivery, reason: string): Promise<void> {
  await finish(ctx, delivery, { status: "dead", reason });
  await scheduleStates.count(ctx, delivery.scheduleId, "dead");
}

async function finish(
  ctx: MutationCtx,
  { _id, channel }: Delivery,
  ending: { status: "sent" | "dead"; reason?: string; receipt?: string },
): Promise<void> {
  await ctx.db.patch("deliveries", _id, { ...ending, dueAt: null, endedAt: Date.now() });
  logLine(`delivery.${ending.status}`, { delivery: _id, channel, reason: ending.reason });
}

/** Its time came: it may be claimed from now on, its carrier is gone, or nobody ever took it. */
export async function expire(ctx: MutationCtx, delivery: Delivery): Promise<void> {
  if (delivery.status === "waiting") await offer(ctx, delivery);
  else if (delivery.status === "claimed")
    await giveBack(ctx, delivery, "its carrier did not say how it went", false);
  else await bury(ctx, delivery, "nobody took it for 14 days");
}

async function offer(ctx: MutationCtx, { _id }: Delivery): Promise<void> {
  const dueAt = Date.now() + DELIVERY_KEPT_MS;
  await ctx.db.patch("deliveries", _id, { status: "pending", dueAt });
  await arm(ctx, dueAt);
}

/** A person wants a dead one to be tried again, from the start. @throws `illegal_transition` for any other */
export async function retry(ctx: MutationCtx, delivery: Delivery): Promise<Delivery["status"]> {
  if (delivery.status !== "dead")
    throw refusal("illegal_transition", `It is ${delivery.status}, so there is nothing to retry.`);
  // Attempts go on being counted, so that a late word about an earlier one is still told apart.
  const again = { reason: undefined, endedAt: undefined, triesLeft: DELIVERY_ATTEMPTS };
  await ctx.db.patch("deliveries", delivery._id, again);
  await offer(ctx, delivery);
  return "pending";
}
