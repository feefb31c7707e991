import type { Infer } from "convex/values";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import type { activity } from "../validators.ts";

/** What a role does right now, and since when; null when there is nothing to show. */
export async function current(
  ctx: QueryCtx | MutationCtx,
  participantId: Id<"participants">,
): Promise<Infer<typeof activity> | null> {
  const row = await find(ctx, participantId);
  return row === null || row.text === null ? null : { text: row.text, since: row.since };
}

/** Shows it from now on, or with null nothing. What is shown already keeps its time. */
export async function show(
  ctx: MutationCtx,
  participantId: Id<"participants">,
  text: string | null,
): Promise<void> {
  const row = await find(ctx, participantId);
  if ((row?.text ?? null) === text) return;
  const said = { text, since: Date.now() };
  if (row === null) await ctx.db.insert("activities", { participantId, ...said });
  else await ctx.db.patch("activities", row._id, said);
}

async function find(
  ctx: QueryCtx | MutationCtx,
  participantId: Id<"participants">,
): Promise<Doc<"activities"> | null> {
  return await ctx.db
    .query("activities")
    .withIndex("by_participantId", (q) => q.eq("participantId", participantId))
    .unique();
}
