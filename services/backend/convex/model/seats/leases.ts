import { extendLease, grantLease } from "@muster/core";
import type { LeasePhase } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { requireInTeam } from "../access/access.ts";
import { arm } from "../deadlines/arming.ts";
import { wasAhead } from "../deadlines/clock.ts";
import { timing } from "../timing.ts";

type Ctx = QueryCtx | MutationCtx;

export async function ofParticipant(
  ctx: Ctx,
  participant: Doc<"participants">,
): Promise<Doc<"leases"> | null> {
  return await ctx.db
    .query("leases")
    .withIndex("by_participantId", (q) => q.eq("participantId", participant._id))
    .unique();
}

/** Begins a lease of this phase now; it replaces whatever stood before. Answers when it ends. */
export async function grant(
  ctx: MutationCtx,
  participant: Doc<"participants">,
  epoch: number,
  phase: LeasePhase,
  renewedBy: string,
): Promise<number> {
  const now = Date.now();
  const { readyUntil } = grantLease(phase, now, timing());
  const claim = { epoch, phase, readyUntil, renewedAt: now, renewedBy };
  const lease = await ofParticipant(ctx, participant);
  if (lease === null) await ctx.db.insert("leases", { participantId: participant._id, ...claim });
  else await ctx.db.patch("leases", lease._id, claim);
  await arm(ctx, readyUntil);
  return readyUntil;
}

/**
 * A beat: the end moves forward or stays. It counts from the holder's own last sign of life, `silentMs` ago, whoever brings the news.
 * A seat that was parked is attended again. Answers whether the clock was set back since it was heard last.
 */
export async function renew(
  ctx: MutationCtx,
  participant: Doc<"participants">,
  renewedBy: string,
  silentMs = 0,
): Promise<boolean> {
  const lease = await ofParticipant(ctx, participant);
  if (lease === null || lease.readyUntil === null || lease.phase !== "attended") {
    await grant(ctx, participant, participant.epoch, "attended", renewedBy);
    return wasAhead(lease);
  }
  const heardAt = Date.now() - Math.max(0, silentMs);
  const held = { phase: lease.phase, readyUntil: lease.readyUntil };
  const { readyUntil } = extendLease(held, heardAt, timing());
  await ctx.db.patch("leases", lease._id, { readyUntil, renewedAt: heardAt, renewedBy });
  return wasAhead(lease);
}

/** Nothing stands any more; the row keeps who was heard last, and when. */
export async function drop(ctx: MutationCtx, participant: Doc<"participants">): Promise<void> {
  const lease = await ofParticipant(ctx, participant);
  if (lease !== null) await ctx.db.patch("leases", lease._id, { readyUntil: null });
}

/** What a role's status rests on; nothing while nobody has ever taken it. @throws `not_found` for a role that the team lacks */
export async function evidence(ctx: QueryCtx, room: Doc<"rooms">, role: string) {
  const participant = await ctx.db
    .query("participants")
    .withIndex("by_roomId_and_role_and_epoch", (q) => q.eq("roomId", room._id).eq("role", role))
    .unique();
  if (participant === null) requireInTeam(room, role);
  const lease = participant === null ? null : await ofParticipant(ctx, participant);
  return {
    renewedAt: lease?.renewedAt ?? null,
    readyUntil: lease?.readyUntil ?? null,
    renewedBy: lease?.renewedBy ?? null,
    epoch: participant?.epoch ?? 0,
  };
}
