import { HISTORY_LENGTH } from "@muster/core";
import type { AgentStatus } from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";

type Entry = {
  readonly event: string;
  readonly from: AgentStatus;
  readonly to: AgentStatus;
  readonly accepted: boolean;
  readonly reason: string;
  readonly epoch: number;
  /** Who said so, in words. */
  readonly reporter: string;
};

/** How many entries more than are shown may lie there, about: counting them costs more than keeping them. */
const SLACK = 25;

/** Notes what happened to a role, refusals included. One time in 25 the entries before the last 50 go. */
export async function record(
  ctx: MutationCtx,
  participantId: Id<"participants">,
  entry: Entry,
): Promise<void> {
  await ctx.db.insert("participantEvents", { participantId, at: Date.now(), ...entry });
  if (Math.random() * SLACK < 1) await forgetOldest(ctx, participantId);
}

async function forgetOldest(ctx: MutationCtx, participantId: Id<"participants">): Promise<void> {
  const newestFirst = await ctx.db
    .query("participantEvents")
    .withIndex("by_participantId", (q) => q.eq("participantId", participantId))
    .order("desc")
    .take(HISTORY_LENGTH + 8 * SLACK);
  for (const { _id } of newestFirst.slice(HISTORY_LENGTH))
    await ctx.db.delete("participantEvents", _id);
}

/** What happened to a role, newest first. */
export async function list(ctx: QueryCtx, room: Doc<"rooms">, role: string) {
  const participant = await ctx.db
    .query("participants")
    .withIndex("by_roomId_and_role_and_epoch", (q) => q.eq("roomId", room._id).eq("role", role))
    .unique();
  if (participant === null) return [];
  const entries = await ctx.db
    .query("participantEvents")
    .withIndex("by_participantId", (q) => q.eq("participantId", participant._id))
    .order("desc")
    .take(HISTORY_LENGTH);
  return entries.map(({ at, event, from, to, accepted, reason, epoch, reporter = null }) => ({
    at,
    event,
    from,
    to,
    accepted,
    reason,
    epoch,
    reporter,
  }));
}
