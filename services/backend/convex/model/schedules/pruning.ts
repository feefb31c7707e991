import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import { raise } from "../rooms/notices.ts";

const BATCH = 64;
const DAY_MS = 24 * 3_600_000;
/** A person looks back two weeks at what a schedule did, and a month at what they were told. */
const TICKS_KEPT_MS = 14 * DAY_MS;
const DELIVERIES_KEPT_DAYS = 30;
const NOTICES_KEPT_MS = DAY_MS;

/** A bounded batch of what schedules leave behind and nobody looks at any more. That somebody might miss some of it is told. */
export async function prune(ctx: MutationCtx): Promise<void> {
  const now = Date.now();
  const ticks = await ctx.db
    .query("ticks")
    .withIndex("by_at", (q) => q.lte("at", now - TICKS_KEPT_MS))
    .take(BATCH);
  for (const { _id } of ticks) await ctx.db.delete("ticks", _id);
  const givenUpBefore = now - DELIVERIES_KEPT_DAYS * DAY_MS;
  const deliveries = await ctx.db
    .query("deliveries")
    .withIndex("by_endedAt", (q) => q.gt("endedAt", 0).lte("endedAt", givenUpBefore))
    .take(BATCH);
  for (const { _id } of deliveries) await ctx.db.delete("deliveries", _id);
  await tellCleared(ctx, deliveries);
  const notices = await ctx.db
    .query("notices")
    .withIndex("by_endedAt", (q) => q.gt("endedAt", 0).lte("endedAt", now - NOTICES_KEPT_MS))
    .take(BATCH);
  for (const { _id } of notices) await ctx.db.delete("notices", _id);
}

/** News that reached nobody is gone unread: its room hears of it, once per schedule. */
async function tellCleared(
  ctx: MutationCtx,
  deliveries: readonly Doc<"deliveries">[],
): Promise<void> {
  const unread = deliveries.filter(
    ({ status, seenAt }) => status === "dead" && seenAt === undefined,
  );
  for (const scheduleId of new Set(unread.map((delivery) => delivery.scheduleId))) {
    const schedule = await ctx.db.get("schedules", scheduleId);
    if (schedule === null) continue;
    const text = `News of ${schedule.name} that reached nobody was cleared away, ${DELIVERIES_KEPT_DAYS} days after it was given up.`;
    await raise(ctx, schedule, { kind: "cleanup", text });
  }
}
