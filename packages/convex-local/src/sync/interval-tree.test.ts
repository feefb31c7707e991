import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { IntervalTree } from "./interval-tree.ts";

const ascending = (left: number, right: number) => left - right;
const key = fc.uint8Array({ maxLength: 3, max: 6 });
const step = fc.record({ from: key, to: key, watcher: fc.nat({ max: 4 }), isGone: fc.boolean() });

test("whoever watches an interval is found by every key in it, and nobody else is", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.array(key), (steps, keys) => {
      const tree = new IntervalTree<number>();
      const watching = new Map<string, (typeof steps)[number]>();
      for (const one of steps) {
        const name = JSON.stringify([[...one.from], [...one.to], one.watcher]);
        if (one.isGone) {
          tree.remove(one.from, one.to, one.watcher);
          watching.delete(name);
        } else {
          tree.add(one.from, one.to, one.watcher);
          watching.set(name, one);
        }
      }
      for (const at of keys) {
        const found: number[] = [];
        tree.covering(at, (watcher) => found.push(watcher));
        const expected = [...watching.values()].filter(
          ({ from, to }) => Buffer.compare(from, at) <= 0 && Buffer.compare(at, to) < 0,
        );
        expect(found.toSorted(ascending)).toEqual(
          expected.map(({ watcher }) => watcher).toSorted(ascending),
        );
      }
    }),
  );
});

const keyOf = (at: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(at);
  return bytes;
};

test("ten thousand intervals in order are looked through no deeper than by chance", () => {
  const tree = new IntervalTree<number>();
  for (let at = 0; at < 10_000; at++) tree.add(keyOf(at * 2), keyOf(at * 2 + 1), at);
  const looks = vi.spyOn(Buffer, "compare");
  const found: number[] = [];
  tree.covering(keyOf(9_998), (watcher) => found.push(watcher));
  expect(found).toEqual([4_999]);
  expect(looks.mock.calls.length).toBeLessThan(150);
  looks.mockRestore();
  for (let at = 0; at < 10_000; at++) tree.remove(keyOf(at * 2), keyOf(at * 2 + 1), at);
  expect(tree.isEmpty).toBe(true);
});
