/** How many handoffs a person's message may set off: real work passes a few, a pair that never agrees passes all. */
export const MAX_CHAIN_DEPTH = 32;
/** How many tasks the agents of one room may make in an hour: two a minute is more than people can follow. */
export const AGENT_TASKS_PER_HOUR = 120;

/**
 * Why an agent's handoff must not go on by itself, as the end of a sentence; null while the budgets allow it.
 *
 * @param depth the handoffs from the person's message up to the new task
 * @param madeLastHour the tasks that agents of the room made within the last hour
 */
export function loopProblem(depth: number, madeLastHour: number): string | null {
  if (depth > MAX_CHAIN_DEPTH)
    return `its chain has ${depth} handoffs, more than ${MAX_CHAIN_DEPTH}`;
  if (madeLastHour >= AGENT_TASKS_PER_HOUR)
    return `the agents of the room made ${AGENT_TASKS_PER_HOUR} tasks within an hour`;
  return null;
}
