import type { Step } from "./power-loss-trace.ts";

const SECTOR = 512;

type Change = Extract<Step, { kind: "write" | "truncate" }>;
type Naming = Extract<Step, { kind: "rename" | "remove" }>;

interface File {
  /** What is on the disk for certain. */
  kept: Buffer;
  /** What may or may not be, in the order in which it was done. */
  pending: Change[];
}

/**
 * A disk that has seen the first steps of a trace, up to a power cut. A file's sync keeps its content; names (renames, removals) are
 * kept by a sync of the directory, and until then some first of them have happened.
 */
export class ReplayedDisk {
  readonly #files = new Map<string, File>();
  #namings: Naming[] = [];
  /** The last number that was printed. */
  acknowledged = 0;

  take(step: Step): void {
    switch (step.kind) {
      case "write":
      case "truncate":
        this.#file(step.file).pending.push(step);
        return;
      case "sync": {
        const file = this.#file(step.file);
        for (const change of file.pending) file.kept = applied(file.kept, change);
        file.pending = [];
        return;
      }
      case "syncNames":
        this.#settleNames();
        return;
      case "print":
        this.acknowledged = step.number;
        return;
      default:
        this.#namings.push(step);
        // What is done under the new name from here on belongs to the same file.
        if (step.kind === "rename") this.#alias(step);
    }
  }

  /** The files as a power cut at this moment could have left them, by name. */
  state(random: () => number): Map<string, Buffer> {
    const happened = Math.floor(random() * (this.#namings.length + 1));
    const later = this.#namings.slice(happened);
    const way = random();
    const share = way < 0.2 ? 0 : way < 0.4 ? 1 : random();
    const state = new Map<string, Buffer>();
    for (const [name, file] of this.#files) {
      const undone = later.find((naming) => naming.kind === "rename" && naming.to === name);
      state.set(undone?.file ?? name, surviving(file, share, random));
    }
    for (const naming of this.#namings.slice(0, happened)) {
      if (naming.kind === "remove") state.delete(naming.file);
    }
    return state;
  }

  #settleNames(): void {
    for (const naming of this.#namings)
      if (naming.kind === "remove") this.#files.delete(naming.file);
    this.#namings = [];
  }

  #alias({ file, to }: { readonly file: string; readonly to: string }): void {
    this.#files.set(to, this.#file(file));
    this.#files.delete(file);
  }

  #file(name: string): File {
    const present = this.#files.get(name);
    if (present !== undefined) return present;
    const fresh = { kept: Buffer.alloc(0), pending: [] };
    this.#files.set(name, fresh);
    return fresh;
  }
}

function applied(content: Buffer, change: Change): Buffer {
  if (change.kind === "truncate") {
    if (change.length <= content.length) return content.subarray(0, change.length);
    return Buffer.concat([content, Buffer.alloc(change.length - content.length)]);
  }
  const end = change.at + change.bytes.length;
  const state = Buffer.alloc(Math.max(content.length, end));
  content.copy(state);
  change.bytes.copy(state, change.at);
  return state;
}

/** Each sector of each unsynced write has arrived or not; `share` is how likely. */
function surviving({ kept, pending }: File, share: number, random: () => number): Buffer {
  let content = kept;
  for (const change of pending) {
    if (change.kind === "truncate") {
      if (random() < share) content = applied(content, change);
      continue;
    }
    const first = change.at - (change.at % SECTOR);
    for (let at = first; at < change.at + change.bytes.length; at += SECTOR) {
      if (random() >= share) continue;
      const from = Math.max(at, change.at);
      const bytes = change.bytes.subarray(from - change.at, at + SECTOR - change.at);
      content = applied(content, { ...change, at: from, bytes });
    }
  }
  return content;
}
