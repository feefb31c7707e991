import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../..");
/** What `npm start` runs. */
export const MUSTER = path.join(ROOT, "packages/cli/src/main.ts");

/** A directory of this measurement alone, gone when it is disposed. */
export class Scratch implements Disposable {
  readonly path = mkdtempSync(path.join(tmpdir(), "muster-bench-"));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** This computer's environment without another Muster's variables, and with `more`. */
export function environment(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("MUSTER"));
  return { ...Object.fromEntries(own), ...more };
}
