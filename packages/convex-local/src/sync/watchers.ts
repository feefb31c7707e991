import type { Commit, ReadSet } from "../engine/engine.ts";
import { IntervalTree } from "./interval-tree.ts";

/** Who has read what, index by index: finds whom a commit concerns without asking everybody. */
export class Watchers<T> {
  readonly #byIndex = new Map<string, IntervalTree<T>>();

  add(reads: ReadSet, watcher: T): void {
    for (const [index, intervals] of reads.intervals()) {
      let tree = this.#byIndex.get(index);
      if (tree === undefined) {
        tree = new IntervalTree();
        this.#byIndex.set(index, tree);
      }
      for (const { from, to } of intervals) tree.add(from, to, watcher);
    }
  }

  remove(reads: ReadSet, watcher: T): void {
    for (const [index, intervals] of reads.intervals()) {
      const tree = this.#byIndex.get(index);
      for (const { from, to } of intervals) tree?.remove(from, to, watcher);
      if (tree?.isEmpty === true) this.#byIndex.delete(index);
    }
  }

  /** Those whose reads the commit may have changed: the old or the new key of what it wrote lies in one of their intervals. */
  concerned(commit: Commit): Set<T> {
    const found = new Set<T>();
    const add = (watcher: T) => void found.add(watcher);
    for (const { index, oldKey, newKey } of commit.writes) {
      const tree = this.#byIndex.get(index);
      if (tree === undefined) continue;
      if (oldKey !== null) tree.covering(oldKey, add);
      if (newKey !== null && newKey !== oldKey) tree.covering(newKey, add);
    }
    return found;
  }
}
