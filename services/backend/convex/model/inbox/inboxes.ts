import { DASHBOARD, quietHoursProblem } from "@muster/core";
import type { QuietHours, Visibility } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { requireValid } from "../refusal.ts";
import { reconsiderHeld } from "./deliveries.ts";
import { linkedChannels, settingsOf } from "./routing.ts";
import type { inboxSettingsView, inboxView } from "../schedules/validators.ts";

const PAGE = 100;
/** More are "many" to whoever reads the number. */
const UNSEEN = 100;

/** What was sent to a person and is on its way, newest first. */
export async function list(
  ctx: QueryCtx,
  user: Doc<"users">,
  limit = PAGE,
): Promise<{ unseen: number; items: Infer<typeof inboxView>[] }> {
  const found = await ctx.db
    .query("deliveries")
    .withIndex("by_userId_and_channel_and_seenAt", (q) => q.eq("userId", user._id))
    .order("desc")
    .take(PAGE * 4);
  const newest = found
    .toSorted((a, b) => b.at - a.at)
    .slice(0, Math.min(Math.max(1, Math.floor(limit)), PAGE));
  const items = await Promise.all(newest.map(async (delivery) => await view(ctx, delivery)));
  return { unseen: await unseen(ctx, user), items };
}

async function unseen(ctx: QueryCtx | MutationCtx, user: Doc<"users">): Promise<number> {
  const found = await ctx.db
    .query("deliveries")
    .withIndex("by_userId_and_channel_and_seenAt", (q) =>
      q.eq("userId", user._id).eq("channel", DASHBOARD).eq("seenAt", undefined),
    )
    .take(UNSEEN);
  return found.filter(({ status, attempt }) => status !== "waiting" || attempt > 0).length;
}

async function view(ctx: QueryCtx, delivery: Doc<"deliveries">): Promise<Infer<typeof inboxView>> {
  const { _id, channel, status, roomId, role, title, text, at, attempt } = delivery;
  const room = await ctx.db.get("rooms", roomId);
  return {
    _id,
    channel,
    status,
    roomId,
    roomName: room?.name ?? "",
    role,
    title,
    text,
    at,
    attempt,
    seenAt: delivery.seenAt ?? null,
    notBefore: status === "waiting" ? delivery.dueAt : null,
    reason: delivery.reason ?? null,
  };
}

/** The person has read these; those of others are as unknown as any that is not there. Answers how many are left. */
export async function see(
  ctx: MutationCtx,
  user: Doc<"users">,
  deliveryIds: readonly string[],
): Promise<{ unseen: number; unknown: string[] }> {
  const unknown: string[] = [];
  for (const deliveryId of deliveryIds.slice(0, PAGE)) {
    const id = ctx.db.normalizeId("deliveries", deliveryId);
    const delivery = id === null ? null : await ctx.db.get("deliveries", id);
    if (delivery?.userId !== user._id) unknown.push(deliveryId);
    else if (delivery.seenAt === undefined)
      await ctx.db.patch("deliveries", delivery._id, { seenAt: Date.now() });
  }
  return { unseen: await unseen(ctx, user), unknown };
}

type Settings = Infer<typeof inboxSettingsView>;

export async function settings(ctx: QueryCtx | MutationCtx, user: Doc<"users">): Promise<Settings> {
  const found = await settingsOf(ctx, user._id);
  const linked = await linkedChannels(ctx, user._id);
  return {
    quietHours: found?.quietHours ?? null,
    visibility: found?.visibility ?? {},
    channels: [DASHBOARD, ...linked.map(({ kind }) => kind)].map((kind) => `${kind}/${user.name}`),
  };
}

/** Changes what is given; null ends the quiet hours, and what they held back is due with that. */
export async function configure(
  ctx: MutationCtx,
  user: Doc<"users">,
  given: { readonly quietHours?: QuietHours | null; readonly visibility?: Partial<Visibility> },
): Promise<Settings> {
  const { quietHours: quiet, visibility } = given;
  if (quiet !== undefined && quiet !== null) requireValid(quietHoursProblem(quiet));
  const found = await settingsOf(ctx, user._id);
  const kept = quiet === undefined ? found?.quietHours : quiet;
  const row = {
    userId: user._id,
    visibility: { ...found?.visibility, ...visibility },
    ...(kept === undefined || kept === null ? {} : { quietHours: kept }),
  };
  if (found === null) await ctx.db.insert("inboxSettings", row);
  else await ctx.db.replace("inboxSettings", found._id, row);
  if (quiet !== undefined) await reconsiderHeld(ctx, user._id);
  return await settings(ctx, user);
}
