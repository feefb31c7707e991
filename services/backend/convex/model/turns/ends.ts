import type { StopReason, Usage } from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { voidOfTurn } from "../questions/questions.ts";
import { turnEnded } from "../schedules/tickEnds.ts";

type Ending = {
  readonly stopReason: StopReason;
  readonly usage?: Usage | undefined;
  readonly error?: string | undefined;
};

/** A turn ends, and what it still asked is void. */
export async function finish(
  ctx: MutationCtx,
  turn: Doc<"turns">,
  { stopReason, usage, error }: Ending,
): Promise<void> {
  await ctx.db.patch("turns", turn._id, {
    status: "ended",
    stopReason,
    endedAt: Date.now(),
    usage: { ...turn.usage, ...usage },
    ...(error === undefined ? {} : { error }),
  });
  await voidOfTurn(ctx, turn);
  await turnEnded(ctx, turn, { stopReason, error });
}

/** The role's running or last turn. Only the last one can be running. */
export async function last(
  ctx: QueryCtx | MutationCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<Doc<"turns"> | null> {
  return await ctx.db
    .query("turns")
    .withIndex("by_roomId_and_role", (q) => q.eq("roomId", roomId).eq("role", role))
    .order("desc")
    .first();
}

/** The epoch is over, or the next turn begins: a turn that nobody has ended is lost. */
export async function lose(
  ctx: MutationCtx,
  { roomId, role }: { readonly roomId: Id<"rooms">; readonly role: string },
): Promise<void> {
  const turn = await last(ctx, roomId, role);
  if (turn?.status === "running") await finish(ctx, turn, { stopReason: "lost" });
}
