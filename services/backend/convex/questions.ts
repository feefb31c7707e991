import { v } from "convex/values";
import { mutation } from "./_generated/server.js";
import { requireAgent } from "./model/access/access.ts";
import { once } from "./model/answers.ts";
import * as asking from "./model/questions/asking.ts";
import { approvalStatus } from "./model/turns/validators.ts";
import { claim as fence, seat } from "./model/validators.ts";

/**
 * An agent asks the people of its room, about the task that it holds, and is answered in words or by one of 2 to 6
 * choices. From there on a question is listed, watched, answered and withdrawn by the functions of approvals. The same
 * question asked again while it is open is the same question. `timeoutMs` is how long it may be answered.
 *
 * @throws `stale_claim`, `rejoin_required`, `invalid`, `too_large`, `limit`
 */
export const ask = mutation({
  args: {
    ...fence,
    text: v.string(),
    choices: v.optional(v.array(v.string())),
    timeoutMs: v.optional(v.number()),
    key: v.string(),
  },
  returns: v.object({ approvalId: v.id("approvals"), deadline: v.union(v.number(), v.null()) }),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await once(ctx, agent.scope, "questions.ask", args.key, () =>
      asking.ask(ctx, agent, args),
    );
  },
});

/**
 * Whoever asked begins to wait again, or still does: a sign of life of a seat that nobody else beats for, due again
 * after `againMs`.
 *
 * @throws `superseded`, `rejoin_required` while the question is open
 */
export const resume = mutation({
  args: { ...seat, approvalId: v.string() },
  returns: v.object({ status: approvalStatus, againMs: v.number() }),
  handler: async (ctx, args) => {
    const agent = await requireAgent(ctx, args.room, args.role);
    return await asking.resume(ctx, agent, args);
  },
});
