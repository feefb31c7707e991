import type { World } from "./kernel/world.ts";

/** Lets everything that is ready go on until it waits for something that the agenda holds. */
async function turn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

/** Far more than ever happens within one millisecond: somebody arranges the same again and again for now. */
const STANDSTILL = 1_000_000;

/**
 * Lets the world go on up to `end` (ms of true time), or until `isOver`.
 * @throws if time stands still
 */
export async function advance(world: World, end: number, isOver = () => false): Promise<void> {
  await turn();
  let since = world.now;
  for (let happened = 0; ; happened += 1) {
    if (isOver()) return;
    const next = world.agenda.next(end);
    if (next === null) return;
    if (world.now > since + 1) {
      since = world.now;
      happened = 0;
    }
    if (happened > STANDSTILL) throw new Error(`Time stands still at ${since} ms.`);
    next.run();
    await turn();
  }
}

/** Lets the world go on until `work` is done. Rejects with what it rejects with. */
export async function finish<T>(world: World, work: Promise<T>): Promise<T> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  work.then(over, over);
  await advance(world, Infinity, () => isOver);
  return await work;
}
