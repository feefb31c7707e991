import { keyProblem } from "@muster/core";
import type { MutationCtx } from "../_generated/server.js";
import { requireValid } from "./refusal.ts";

/**
 * Does something once per key: a repeat, because a reply was lost, gets the first answer and nothing
 * happens again. The answer is kept for a day.
 */
export async function once<Answer>(
  ctx: MutationCtx,
  who: string,
  what: string,
  key: string,
  act: () => Promise<Answer>,
): Promise<Answer> {
  requireValid(keyProblem(key));
  const scope = `${who} ${what}`;
  const first = await ctx.db
    .query("answers")
    .withIndex("by_scope_and_key", (q) => q.eq("scope", scope).eq("key", key))
    .unique();
  if (first !== null) return first.answer as Answer;
  const answer = await act();
  await ctx.db.insert("answers", { scope, key, answer });
  return answer;
}
