import { FLOOD, RATES, draw, floods } from "@muster/core";
import type { Rated } from "@muster/core";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { env } from "../_generated/server.js";
import { refusal } from "./refusal.ts";

/** Benchmarks drive one person and one room harder than any attacker may. */
const isOff = () => env.MUSTER_RATES === "off";

/** @throws `limit` when whoever this is does it too often; the refused call changes nothing */
export async function requireRate(ctx: MutationCtx, what: Rated, who: string): Promise<void> {
  if (isOff()) return;
  const key = `${what} ${who}`;
  const row = await ctx.db
    .query("rates")
    .withIndex("by_key", (q) => q.eq("key", key))
    .unique();
  const answer = draw(RATES[what], row, Date.now());
  if ("waitMs" in answer) throw tooOften(answer.waitMs);
  if (row === null) await ctx.db.insert("rates", { key, ...answer.bucket });
  else await ctx.db.patch("rates", row._id, answer.bucket);
}

/**
 * A room that is flooded hears no more of who floods it, and of the others as ever. Beside the room's
 * `newest` message it costs one read at most, and no write, while nobody floods.
 *
 * @throws `limit`
 */
export async function requirePace(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
  sender: Doc<"messages">["sender"],
  newest: Doc<"messages"> | null,
): Promise<void> {
  if (isOff()) return;
  const from = Date.now() - FLOOD.windowMs;
  const seq = (newest?.seq ?? 0) - FLOOD.messages / 2 + 1;
  if (seq < 1) return;
  const earlier = await ctx.db
    .query("messages")
    .withIndex("by_roomId_and_seq", (q) => q.eq("roomId", roomId).eq("seq", seq))
    .unique();
  if (earlier === null || earlier.at <= from) return;
  const flood = await ctx.db
    .query("messages")
    .withIndex("by_roomId_and_seq", (q) => q.eq("roomId", roomId))
    .order("desc")
    .take(FLOOD.messages);
  const own = flood.filter(
    (message) =>
      message.at > from &&
      message.sender.kind === sender.kind &&
      message.sender.name === sender.name,
  );
  if (floods(own.length)) throw tooOften(FLOOD.windowMs);
}

function tooOften(waitMs: number) {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return refusal("limit", `Too often: try again in ${seconds} s.`);
}
