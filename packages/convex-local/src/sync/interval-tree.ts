interface Node<T> {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly values: Set<T>;
  /** A node stands above those of greater priority; drawn by lot, this keeps the tree some 2 log₂ n deep. */
  readonly priority: number;
  left: Node<T> | undefined;
  right: Node<T> | undefined;
  /** The greatest `to` of the node and all below it. */
  end: Uint8Array;
}

/**
 * Intervals of keys (`from` ≤ key < `to`) and what belongs to each. Adding, removing and finding those that cover a key take time in
 * proportion to the logarithm of how many there are, and to how many are found.
 */
export class IntervalTree<T> {
  #root: Node<T> | undefined;
  #lot = 1;

  get isEmpty(): boolean {
    return this.#root === undefined;
  }

  add(from: Uint8Array, to: Uint8Array, value: T): void {
    const node = this.#find(from, to);
    if (node !== undefined) {
      node.values.add(value);
      return;
    }
    const priority = this.#draw();
    const values = new Set([value]);
    const added = { from, to, values, priority, left: undefined, right: undefined, end: to };
    this.#root = insert(this.#root, added);
  }

  remove(from: Uint8Array, to: Uint8Array, value: T): void {
    const node = this.#find(from, to);
    if (node === undefined || !node.values.delete(value) || node.values.size > 0) return;
    this.#root = without(this.#root, node);
  }

  /** Calls `found` with the values of each interval that covers the key. */
  covering(key: Uint8Array, found: (value: T) => void): void {
    visit(this.#root, key, found);
  }

  #find(from: Uint8Array, to: Uint8Array): Node<T> | undefined {
    let node = this.#root;
    while (node !== undefined) {
      const order = compare(from, to, node);
      if (order === 0) return node;
      node = order < 0 ? node.left : node.right;
    }
    return undefined;
  }

  /** Xorshift: the same tree for the same history, so that a simulation repeats itself. */
  #draw(): number {
    this.#lot ^= this.#lot << 13;
    this.#lot ^= this.#lot >>> 17;
    this.#lot ^= this.#lot << 5;
    return this.#lot;
  }
}

function compare<T>(from: Uint8Array, to: Uint8Array, node: Node<T>): number {
  return Buffer.compare(from, node.from) || Buffer.compare(to, node.to);
}

function visit<T>(node: Node<T> | undefined, key: Uint8Array, found: (value: T) => void): void {
  if (node === undefined || Buffer.compare(node.end, key) <= 0) return;
  visit(node.left, key, found);
  if (Buffer.compare(node.from, key) > 0) return;
  if (Buffer.compare(key, node.to) < 0) for (const value of node.values) found(value);
  visit(node.right, key, found);
}

function insert<T>(root: Node<T> | undefined, node: Node<T>): Node<T> {
  if (root === undefined) return node;
  if (compare(node.from, node.to, root) < 0) {
    const left = insert(root.left, node);
    root.left = left;
    if (left.priority >= root.priority) return measured(root);
    root.left = left.right;
    left.right = measured(root);
    return measured(left);
  }
  const right = insert(root.right, node);
  root.right = right;
  if (right.priority >= root.priority) return measured(root);
  root.right = right.left;
  right.left = measured(root);
  return measured(right);
}

function without<T>(root: Node<T> | undefined, node: Node<T>): Node<T> | undefined {
  if (root === undefined) return undefined;
  if (root === node) return merged(root.left, root.right);
  if (compare(node.from, node.to, root) < 0) root.left = without(root.left, node);
  else root.right = without(root.right, node);
  return measured(root);
}

/** All of `left` lies before all of `right`. */
function merged<T>(left: Node<T> | undefined, right: Node<T> | undefined): Node<T> | undefined {
  if (left === undefined) return right;
  if (right === undefined) return left;
  if (left.priority < right.priority) {
    left.right = merged(left.right, right);
    return measured(left);
  }
  right.left = merged(left, right.left);
  return measured(right);
}

function measured<T>(node: Node<T>): Node<T> {
  node.end = later(later(node.to, node.left?.end), node.right?.end);
  return node;
}

function later(one: Uint8Array, other: Uint8Array | undefined): Uint8Array {
  return other !== undefined && Buffer.compare(other, one) > 0 ? other : one;
}
