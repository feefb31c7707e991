import { AGENT_TASKS_PER_HOUR, loopProblem } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";

const HOUR_MS = 3_600_000;

/** Why an agent's handoff must not go on by itself; null while the budgets allow it. */
export async function budgetProblem(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  depth: number,
): Promise<string | null> {
  const recent = await ctx.db
    .query("tasks")
    .withIndex("by_roomId_and_createdAt", (q) =>
      q.eq("roomId", room._id).gt("createdAt", Date.now() - HOUR_MS),
    )
    .order("desc")
    .take(8 * AGENT_TASKS_PER_HOUR);
  return loopProblem(depth, recent.filter((task) => task.depth > 0).length);
}
