import { inspect } from "node:util";

const MOST_LINES = 256;

/** An object's own way of showing itself is not asked for: Node would hand it a function of the host. */
const SHOWN = { depth: 4, customInspect: false };

/** What a function printed, as Convex shows it: `[LOG] 'text' { … }`. */
export class LogLines {
  readonly lines: string[] = [];

  add(level: string, parts: readonly unknown[]): void {
    if (this.lines.length > MOST_LINES) return;
    if (this.lines.length === MOST_LINES) {
      this.lines.push(`[WARN] 'Further lines were dropped: at most ${MOST_LINES} per function.'`);
      return;
    }
    this.lines.push(`[${level}] ${parts.map((part) => inspect(part, SHOWN)).join(" ")}`);
  }
}
