import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { requireAgent, requireApprover, requireMember, requirePerson } from "./model/access.ts";
import * as approvals from "./model/approvals.ts";
import * as inbox from "./model/inbox.ts";
import { approvalStatus, approvalView, option } from "./model/turnValidators.ts";
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

/** How one of the caller's questions stands; what the waiting turn watches. */
export const get = query({
  args: { room: v.string(), role: v.string(), approvalId: v.string() },
  returns: v.object({ status: approvalStatus, optionId: v.union(v.string(), v.null()) }),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await approvals.get(ctx, agent, args.approvalId);
  },
});

/** Questions of one room, or of all rooms of the caller: the open ones first, then the last closed ones. */
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
 * A person decides. The first valid answer wins; the same person saying the same again is answered again.
 *
 * @throws `conflict` when it is closed, which names who answered; `invalid` for an option that there is not
 */
export const answer = mutation({
  args: { approvalId: v.string(), optionId: v.string() },
  returns: v.object({ status: approvalStatus }),
  handler: async (ctx, args) => {
    const approver = await requireApprover(ctx, args.approvalId);
    return { status: await approvals.answer(ctx, approver, args.optionId) };
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
