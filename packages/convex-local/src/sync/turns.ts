/** How many times the work before it a piece of work may take, so that both are still done together. */
const TOGETHER = 2;

/**
 * Groups work that is done one group after the other, so that nobody waits long for what others want: the cheapest first, and what
 * takes more than twice as long as all before it begins a group. There are few groups, because each takes thrice as long as those
 * before it. Work of equal or unknown cost stays in its order.
 */
export function inTurns<T>(works: readonly T[], costOf: (work: T) => number): T[][] {
  const priced = works.map((work) => ({ work, cost: costOf(work) }));
  const groups: T[][] = [];
  let before = 0;
  for (const { work, cost } of priced.toSorted((left, right) => left.cost - right.cost)) {
    const group = groups.at(-1);
    if (group === undefined || cost > TOGETHER * before) groups.push([work]);
    else group.push(work);
    before += cost;
  }
  return groups;
}
