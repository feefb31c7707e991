import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Lets every Node process that this one starts keep and find compiled code below node_modules: compiling is most of what a
 * short command does. Of no other user's making, since a home accepts it as its own.
 */
export function keepCompiledCode() {
  const folder = path.join(root, "node_modules/.cache/compiled");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  process.env.NODE_COMPILE_CACHE = folder;
}
