import { SourceMap } from "node:module";
import type { Script } from "./bundle.ts";

/** Reading a map costs more than loading what it maps, so each is read when first needed, and once for all who load that script. */
const read = new WeakMap<Script, SourceMap>();

function mapOf(script: Script): SourceMap {
  let map = read.get(script);
  if (map === undefined) {
    map = new SourceMap(JSON.parse(script.sourceMap) as ConstructorParameters<typeof SourceMap>[0]);
    read.set(script, map);
  }
  return map;
}

/** Puts the places of the source files into a stack trace of bundled code. Lines without such a place are dropped. */
export class StackMap {
  readonly #script: Script;
  readonly #filename: string;

  /** `filename` is the name under which the script was evaluated. */
  constructor(script: Script, filename: string) {
    this.#script = script;
    this.#filename = filename;
  }

  /** The frames within the app's own functions, one per line, `    at handler (convex/rooms.ts:12:3)`. */
  frames(stack: string | undefined): string[] {
    const frames: string[] = [];
    for (const line of (stack ?? "").split("\n")) {
      const match = /^\s+at (?:(.*?) \()?(.+):(\d+):(\d+)\)?$/.exec(line);
      if (match === null || match[2] !== this.#filename) continue;
      const place = this.place(Number(match[3]), Number(match[4]));
      if (place === undefined || /(?:^|\/)(?:realm\/prelude|node_modules)\//.test(place)) continue;
      frames.push(match[1] === undefined ? `    at ${place}` : `    at ${match[1]} (${place})`);
    }
    return frames;
  }

  /** The place of the app's innermost frame. */
  innermost(stack: string | undefined): string | undefined {
    const [frame] = this.frames(stack);
    return frame?.match(/\(?([^\s(]+:\d+:\d+)\)?$/)?.[1];
  }

  /** `file:line:column` of the source for a place in the bundle, both counted from one. */
  place(line: number, column: number): string | undefined {
    const origin = mapOf(this.#script).findOrigin(line, column);
    if (!("fileName" in origin)) return undefined;
    return `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`;
  }
}
