import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../..");
/** What `npm start` runs. */
export const MUSTER = path.join(ROOT, "packages/cli/src/main.ts");
const PAGE = path.join(ROOT, "apps/webapp/dist/index.html");

/** Why the page of this checkout cannot be measured, in one sentence; null when it can. */
export function pageProblem(): string | null {
  if (existsSync(PAGE)) return null;
  return "The page that is measured has not been built: run pnpm --filter @muster/webapp build first.";
}

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
