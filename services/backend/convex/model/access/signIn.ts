import { SIGN_IN_CODE_LIFE_MS, SIGN_IN_TRIES, isRedeemable } from "@muster/core";
import type { WireError } from "@muster/core";
import type { ConvexError } from "convex/values";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import { mint } from "./credentials.ts";
import { refusal } from "../refusal.ts";
import { randomHex, sha256 } from "./secrets.ts";

const MAX_LABEL_LENGTH = 80;

/** Makes a code that signs this person in once. Its first half finds the row, its second half is secret. */
export async function createCode(
  ctx: MutationCtx,
  user: Doc<"users">,
): Promise<{ code: string; expiresAt: number }> {
  const handle = randomHex(6);
  const secret = randomHex(16);
  const expiresAt = Date.now() + SIGN_IN_CODE_LIFE_MS;
  await ctx.db.insert("signInCodes", {
    userId: user._id,
    handle,
    secretHash: await sha256(secret),
    triesLeft: SIGN_IN_TRIES,
    expiresAt,
  });
  return { code: `${handle}-${secret}`, expiresAt };
}

/** A credential for a code; null when it is wrong, used up or too old, which costs a try. */
export async function redeem(
  ctx: MutationCtx,
  { code, label }: { readonly code: string; readonly label: string },
): Promise<{ secret: string; name: string } | null> {
  const [handle = "", secret = ""] = code.trim().split("-");
  const row = await ctx.db
    .query("signInCodes")
    .withIndex("by_handle", (q) => q.eq("handle", handle))
    .unique();
  if (row === null || !isRedeemable(row, Date.now())) return null;
  const right = (await sha256(secret)) === row.secretHash;
  await ctx.db.patch("signInCodes", row._id, { triesLeft: right ? 0 : row.triesLeft - 1 });
  const user = right ? await ctx.db.get("users", row.userId) : null;
  if (user === null) return null;
  const kept = label.slice(0, MAX_LABEL_LENGTH);
  return {
    secret: await mint(ctx, { kind: "person", userId: user._id, label: kept }),
    name: user.name,
  };
}

/** One answer for every wrong code, so that it tells a guesser nothing. */
export function codeRefused(): ConvexError<WireError> {
  return refusal(
    "expired",
    "This sign-in link is wrong, was used already, or is older than ten minutes.",
    "muster open",
  );
}
