import { SourceMap } from "node:module";

/** Puts the places of the source files into a stack trace of bundled code. Lines without such a place are dropped. */
export class StackMap {
  readonly #map: SourceMap;
  readonly #filename: string;

  /** `filename` is the name under which the bundle was evaluated. */
  constructor(sourceMap: string, filename: string) {
    this.#map = new SourceMap(JSON.parse(sourceMap) as ConstructorParameters<typeof SourceMap>[0]);
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
    const origin = this.#map.findOrigin(line, column);
    if (!("fileName" in origin)) return undefined;
    return `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`;
  }
}
