import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { requireCarrier, requireOutbox, requireRecipient } from "./model/access/access.ts";
import * as deliveries from "./model/inbox/deliveries.ts";
import { requireFields } from "./model/refusal.ts";
import { deliveryStatus } from "./model/schedules/validators.ts";

const report = { deliveryId: v.string(), attempt: v.number() };
const nullableString = v.union(v.string(), v.null());

/** What waits for the caller to carry it: a person's dashboard, or the channels of a machine. */
export const outgoing = query({
  args: {},
  returns: v.object({
    items: v.array(
      v.object({
        _id: v.id("deliveries"),
        channel: v.string(),
        address: nullableString,
        attempt: v.number(),
      }),
    ),
  }),
  handler: async (ctx) => {
    const principal = await requireOutbox(ctx);
    return { items: await deliveries.outgoing(ctx, principal) };
  },
});

/** Takes a delivery to send it, for a minute. `accepted: false`: somebody else has it, or it is over. */
export const claim = mutation({
  args: { deliveryId: v.string() },
  returns: v.object({
    accepted: v.boolean(),
    attempt: v.number(),
    delivery: v.union(
      v.object({
        title: v.string(),
        text: v.string(),
        role: v.string(),
        roomName: v.string(),
        messageId: v.union(v.id("messages"), v.null()),
        address: nullableString,
      }),
      v.null(),
    ),
  }),
  handler: async (ctx, args) => {
    const { delivery } = await requireCarrier(ctx, args.deliveryId);
    const claimed = await deliveries.claim(ctx, delivery);
    return claimed === null
      ? { accepted: false, attempt: delivery.attempt, delivery: null }
      : { accepted: true, ...claimed };
  },
});

/** It has arrived; `receipt` is the channel's own name for it. Late or twice, it changes nothing. */
export const receipt = mutation({
  args: { ...report, receipt: v.optional(v.string()) },
  returns: v.object({ accepted: v.boolean() }),
  handler: async (ctx, args) => {
    const { delivery } = await requireCarrier(ctx, args.deliveryId);
    requireFields({ receipt: args.receipt });
    return { accepted: await deliveries.receipt(ctx, delivery, args) };
  },
});

/** It has not arrived. With `never` it is given up at once: no further attempt would arrive either. */
export const fail = mutation({
  args: { ...report, reason: v.string(), never: v.optional(v.boolean()) },
  returns: v.object({ accepted: v.boolean(), status: deliveryStatus }),
  handler: async (ctx, args) => {
    const { delivery } = await requireCarrier(ctx, args.deliveryId);
    requireFields({ reason: args.reason });
    return await deliveries.fail(ctx, delivery, args);
  },
});

/** A delivery that was given up is tried again. @throws `illegal_transition` for any other */
export const retry = mutation({
  args: { deliveryId: v.string() },
  returns: v.object({ status: deliveryStatus }),
  handler: async (ctx, args) => {
    const { delivery } = await requireRecipient(ctx, args.deliveryId);
    return { status: await deliveries.retry(ctx, delivery) };
  },
});
