import type { World } from "./kernel/world.ts";

/** Lets everything that is ready go on until it waits for something that the agenda holds. */
async function turn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

/** Lets the world go on up to `end` (ms of true time), or until `isOver`. */
export async function advance(world: World, end: number, isOver = () => false): Promise<void> {
  await turn();
  for (;;) {
    if (isOver()) return;
    const next = world.agenda.next(end);
    if (next === null) return;
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
