import type { Random } from "../kernel/random.ts";

/** What `fs` throws. */
export class FileError extends Error {
  readonly code: string;

  constructor(code: string, path: string) {
    super(`${code}: ${path}`);
    this.code = code;
  }
}

interface File {
  readonly kind: "file";
  text: string;
  /** What a power cut leaves of it. */
  synced: string;
  mode: number;
}

interface Directory {
  readonly kind: "directory";
  entries: Map<string, Node>;
  /** Which names a power cut leaves in it. */
  synced: Map<string, Node>;
  mode: number;
}

type Node = File | Directory;

/** A file system in memory. What was not synced is lost at a power cut, or not: nobody may rely on either. */
export class Disk {
  readonly #root: Directory = directory(0o755);
  /** While set, every write fails with it. */
  broken: string | null = null;

  read(path: string): string {
    return this.#file(path).text;
  }

  write(path: string, text: string, how: { exclusive: boolean; mode: number }): void {
    this.#refuseWrites(path);
    const parent = this.#parent(path);
    const known = parent.entries.get(nameOf(path));
    if (known !== undefined && how.exclusive) throw new FileError("EEXIST", path);
    if (known?.kind === "directory") throw new FileError("EISDIR", path);
    if (known === undefined) {
      parent.entries.set(nameOf(path), { kind: "file", text, synced: "", mode: how.mode });
    } else known.text = text;
  }

  sync(path: string): void {
    this.#refuseWrites(path);
    const node = this.#node(path);
    if (node.kind === "file") node.synced = node.text;
    else node.synced = new Map(node.entries);
  }

  rename(from: string, to: string): void {
    this.#refuseWrites(to);
    const node = this.#node(from);
    this.#parent(to).entries.set(nameOf(to), node);
    this.#parent(from).entries.delete(nameOf(from));
  }

  link(from: string, to: string): void {
    this.#refuseWrites(to);
    const parent = this.#parent(to);
    if (parent.entries.has(nameOf(to))) throw new FileError("EEXIST", to);
    parent.entries.set(nameOf(to), this.#file(from));
  }

  remove(path: string): void {
    this.#refuseWrites(path);
    if (!this.#parent(path).entries.delete(nameOf(path))) throw new FileError("ENOENT", path);
  }

  makeDirectories(path: string, mode: number): void {
    let at = this.#root;
    for (const name of segments(path)) {
      const known = at.entries.get(name);
      if (known?.kind === "file") throw new FileError("ENOTDIR", path);
      const next = known ?? directory(mode);
      if (known === undefined) {
        this.#refuseWrites(path);
        at.entries.set(name, next);
        // Directories are made once, at the beginning of everything: that they survive is not what is tested.
        at.synced.set(name, next);
      }
      at = next;
    }
  }

  list(path: string): string[] {
    const node = this.#node(path);
    if (node.kind !== "directory") throw new FileError("ENOTDIR", path);
    return [...node.entries.keys()];
  }

  look(path: string): {
    readonly kind: Node["kind"];
    readonly mode: number;
    readonly size: number;
  } {
    const node = this.#node(path);
    return { kind: node.kind, mode: node.mode, size: node.kind === "file" ? node.text.length : 0 };
  }

  /** The power goes: of everything that was not synced a part is gone. */
  losePower(random: Random): void {
    lose(this.#root, random);
  }

  #refuseWrites(path: string): void {
    if (this.broken !== null) throw new FileError(this.broken, path);
  }

  #file(path: string): File {
    const node = this.#node(path);
    if (node.kind !== "file") throw new FileError("EISDIR", path);
    return node;
  }

  #parent(path: string): Directory {
    const parent = this.#find(segments(path).slice(0, -1));
    if (parent === undefined) throw new FileError("ENOENT", path);
    if (parent.kind !== "directory") throw new FileError("ENOTDIR", path);
    return parent;
  }

  #node(path: string): Node {
    const node = this.#find(segments(path));
    if (node === undefined) throw new FileError("ENOENT", path);
    return node;
  }

  #find(names: readonly string[]): Node | undefined {
    let at: Node = this.#root;
    for (const name of names) {
      const next: Node | undefined = at.kind === "directory" ? at.entries.get(name) : undefined;
      if (next === undefined) return undefined;
      at = next;
    }
    return at;
  }
}

function directory(mode: number): Directory {
  return { kind: "directory", entries: new Map(), synced: new Map(), mode };
}

function lose(at: Directory, random: Random): void {
  at.entries = new Map(random.chance(0.5) ? at.synced : at.entries);
  at.synced = new Map(at.entries);
  for (const node of at.entries.values()) {
    if (node.kind === "directory") lose(node, random);
    else {
      if (random.chance(0.5)) node.text = node.synced;
      node.synced = node.text;
    }
  }
}

function segments(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

function nameOf(path: string): string {
  return segments(path).at(-1) ?? "";
}
