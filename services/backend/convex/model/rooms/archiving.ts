import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import type { Member } from "../access/access.ts";
import * as agents from "../seats/agents.ts";
import * as scheduleSettings from "../schedules/settings.ts";
import * as schedules from "../schedules/schedules.ts";
import * as seating from "../seats/seating.ts";

/**
 * Puts the room away, remembers by whom, and answers since when it is. What runs in it hears so from its machine or with
 * its next call.
 */
export async function archive(
  ctx: MutationCtx,
  { room, user }: Pick<Member, "room" | "user">,
): Promise<number> {
  if (room.archivedAt !== undefined) return room.archivedAt;
  for (const role of room.team)
    if ((await seating.find(ctx, room._id, role)) !== null) await agents.stop(ctx, room, role);
  const archivedAt = Date.now();
  await ctx.db.patch("rooms", room._id, { archivedAt, archivedBy: user.name });
  return archivedAt;
}

/** Opens the room again. Its queues are as they were, and its schedules count on from their last tick. */
export async function unarchive(ctx: MutationCtx, room: Doc<"rooms">): Promise<void> {
  if (room.archivedAt === undefined) return;
  await ctx.db.patch("rooms", room._id, { archivedAt: undefined, archivedBy: undefined });
  const { on } = await scheduleSettings.of(ctx, room._id);
  if (on) await schedules.turnAll(ctx, room, on);
}
