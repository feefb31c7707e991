import { resolve } from "node:path";
import { type Bundle, bundle } from "./bundle.ts";

/** A functions folder, bundled once for any number of deployments. */
export interface FunctionsBundle {
  readonly folder: string;
  readonly bundle: Bundle;
}

/** Rejects with an EngineError for a folder that does not compile. */
export async function bundleFunctions(folder: string): Promise<FunctionsBundle> {
  const path = resolve(folder);
  return { folder: path, bundle: await bundle(path) };
}
