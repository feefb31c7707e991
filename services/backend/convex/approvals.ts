import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import {
  requireAgent,
  requireApprover,
  requireMember,
  requirePerson,
} from "./model/access/access.ts";
import * as approvals from "./model/questions/approvals.ts";
import * as inbox from "./model/inbox/inbox.ts";
import { approvalStatus, approvalView, option, standing } from "./model/turns/validators.ts";
import { claim as fence, seat } from "./model/validators.ts";

/**
 * A harness asks for permission in a running turn. A repeat of `requestId` in the same turn gets the first
 * row. Nobody's answer by `deadline` is a no.
 *
 * @throws `stale_claim`, `rejoin_required`, `illegal_transition` when the turn is over, `limit`
 */
export const ask = mutation({
  args: {
    ...fence,
    turnId: v.string(),
    requestId: v.string(),
    title: v.string(),
    detail: v.string(),
    options: v.array(option),
  },
  returns: v.object({ approvalId: v.id("approvals"), deadline: v.union(v.number(), v.null()) }),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await approvals.ask(ctx, agent, args);
  },
});

/** How something that the caller asked stands; what a waiting turn or shell watches. */
export const get = query({
  args: { room: v.string(), role: v.string(), approvalId: v.string() },
  returns: standing,
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await approvals.get(ctx, agent, args.approvalId);
  },
});

/**
 * What is asked, approvals and questions alike, in one room or in all rooms of the caller: the open ones first, then
 * the last closed ones.
 */
export const list = query({
  args: { room: v.optional(v.string()) },
  returns: v.object({ items: v.array(approvalView) }),
  handler: async (ctx, args) => {
    if (args.room === undefined) {
      const { user } = await requirePerson(ctx);
      return { items: await inbox.ofPerson(ctx, user) };
    }
    const { room } = await requireMember(ctx, args.room);
    return { items: await inbox.ofRoom(ctx, room) };
  },
});

/**
 * A person decides or answers: by the id of an option of an approval (the right `approve`), and in words or by one of
 * its choices a question (`send`). The first valid answer wins; the same person saying the same again is answered again.
 *
 * @throws `conflict` when it is closed, which names who answered; `invalid` for an answer that it does not offer
 */
export const answer = mutation({
  args: { approvalId: v.string(), answer: v.string() },
  returns: v.object({ status: approvalStatus }),
  handler: async (ctx, args) => {
    const approver = await requireApprover(ctx, args.approvalId);
    return { status: await approvals.answer(ctx, approver, args.answer) };
  },
});

/** The harness no longer asks. One that is closed stays as it is. */
export const withdraw = mutation({
  args: { ...seat, approvalId: v.string() },
  returns: v.object({ status: approvalStatus }),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return { status: await approvals.withdraw(ctx, agent, args) };
  },
});
