import { resolve } from "node:path";
import { type Bundle, bundle, type Rewrite } from "./bundle.ts";

/** A functions folder, bundled once for any number of deployments. */
export interface FunctionsBundle {
  readonly folder: string;
  readonly bundle: Bundle;
}

/**
 * Rejects with an EngineError for a folder that does not compile. What `rewrite` answers is bundled in place of what a TypeScript
 * file says, for tests that break a function on purpose.
 */
export async function bundleFunctions(folder: string, rewrite?: Rewrite): Promise<FunctionsBundle> {
  const path = resolve(folder);
  return { folder: path, bundle: await bundle(path, rewrite) };
}
