import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";

/** How many handoffs a person's message may set off before a person is asked. */
const MAX_CHAIN_DEPTH = 32;
/** How many tasks the agents of one room may make in an hour. */
const TASKS_PER_HOUR = 120;
const HOUR_MS = 3_600_000;

/** Why an agent's handoff must not go on by itself; null while the budgets allow it. */
export async function budgetProblem(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  depth: number,
): Promise<string | null> {
  if (depth > MAX_CHAIN_DEPTH)
    return `its chain has ${depth} handoffs, more than ${MAX_CHAIN_DEPTH}`;
  const recent = await ctx.db
    .query("tasks")
    .withIndex("by_roomId_and_createdAt", (q) =>
      q.eq("roomId", room._id).gt("createdAt", Date.now() - HOUR_MS),
    )
    .order("desc")
    .take(8 * TASKS_PER_HOUR);
  const byAgents = recent.filter((task) => task.depth > 0).length;
  return byAgents < TASKS_PER_HOUR
    ? null
    : `the agents of the room made ${TASKS_PER_HOUR} tasks within an hour`;
}
