import { DEFAULT_CAPS, capsProblem, visibilityOf } from "@muster/core";
import type { Caps, Visibility } from "@muster/core";
import type { Infer } from "convex/values";
import { env } from "../../_generated/server.js";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { requireValid } from "../refusal.ts";
import type { settingsView } from "./validators.ts";

export type Settings = Caps & { readonly on: boolean; readonly visibility: Partial<Visibility> };

const OFF: Settings = { on: false, visibility: {}, ...DEFAULT_CAPS };

/** The deployment's one switch over everything that happens on a schedule. */
export function isEnabled(): boolean {
  return env.MUSTER_SCHEDULES !== "off";
}

/** How a room wants its schedules; off until somebody switches them on. */
export async function of(ctx: QueryCtx | MutationCtx, roomId: Id<"rooms">): Promise<Settings> {
  return (await row(ctx, roomId)) ?? OFF;
}

async function row(
  ctx: QueryCtx | MutationCtx,
  roomId: Id<"rooms">,
): Promise<Doc<"scheduleSettings"> | null> {
  return await ctx.db
    .query("scheduleSettings")
    .withIndex("by_roomId", (q) => q.eq("roomId", roomId))
    .unique();
}

/** Changes what is given. @throws `invalid` */
export async function change(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
  given: { readonly [Setting in keyof Settings]?: Settings[Setting] },
): Promise<Settings> {
  const known = await row(ctx, roomId);
  const { on, visibility, runsPerDay, costPerDay, idleDays } = known ?? OFF;
  const before = { on, visibility, runsPerDay, costPerDay, idleDays };
  const next = { ...before, ...given, visibility: { ...visibility, ...given.visibility } };
  requireValid(capsProblem(next));
  if (known === null) await ctx.db.insert("scheduleSettings", { roomId, ...next });
  else await ctx.db.patch("scheduleSettings", known._id, next);
  return next;
}

export function view(settings: Settings): Infer<typeof settingsView> {
  const { on, visibility, runsPerDay, costPerDay, idleDays } = settings;
  const resolved = visibilityOf(visibility);
  return { on, enabled: isEnabled(), visibility: resolved, runsPerDay, costPerDay, idleDays };
}
