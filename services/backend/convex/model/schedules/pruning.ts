import type { MutationCtx } from "../../_generated/server.js";

const BATCH = 64;
const DAY_MS = 24 * 3_600_000;
/** A person looks back two weeks at what a schedule did, and a month at what they were told. */
const TICKS_KEPT_MS = 14 * DAY_MS;
const DELIVERIES_KEPT_MS = 30 * DAY_MS;
const NOTICES_KEPT_MS = DAY_MS;

/** A bounded batch of what schedules leave behind and nobody looks at any more. */
export async function prune(ctx: MutationCtx): Promise<void> {
  const now = Date.now();
  const ticks = await ctx.db
    .query("ticks")
    .withIndex("by_at", (q) => q.lte("at", now - TICKS_KEPT_MS))
    .take(BATCH);
  for (const { _id } of ticks) await ctx.db.delete("ticks", _id);
  const deliveries = await ctx.db
    .query("deliveries")
    .withIndex("by_endedAt", (q) => q.gt("endedAt", 0).lte("endedAt", now - DELIVERIES_KEPT_MS))
    .take(BATCH);
  for (const { _id } of deliveries) await ctx.db.delete("deliveries", _id);
  const notices = await ctx.db
    .query("notices")
    .withIndex("by_endedAt", (q) => q.gt("endedAt", 0).lte("endedAt", now - NOTICES_KEPT_MS))
    .take(BATCH);
  for (const { _id } of notices) await ctx.db.delete("notices", _id);
}
