import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

export interface Module {
  /** As function paths name it: `dir/rooms`. */
  readonly name: string;
  /** Relative to the folder. */
  readonly file: string;
  /** Begins with `"use node"`: its actions may use Node, and it has no queries or mutations. */
  readonly usesNode: boolean;
}

const EXTENSIONS = new Set([".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs"]);
const USE_NODE = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*(["'])use node\1/;

/** The modules of a Convex functions folder, by the rules of Convex's own command line, sorted by name. */
export function modulesOf(folder: string): Module[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter(isModule)
    .sort()
    .map((file) => ({
      name: file.slice(0, -extname(file).length).split(sep).join("/"),
      file,
      usesNode: USE_NODE.test(readFileSync(join(folder, file), "utf8")),
    }));
}

function isModule(file: string): boolean {
  const parts = file.split(sep);
  const base = parts.at(-1) ?? "";
  const name = base.slice(0, -extname(base).length);
  if (!EXTENSIONS.has(extname(base)) || name === "" || /\s/.test(file)) return false;
  if (parts[0] === "_generated" || parts[0] === "_deps" || parts.includes("node_modules"))
    return false;
  if (parts.some((part) => part.startsWith(".") || part.startsWith("#"))) return false;
  if (file === `auth.config${extname(base)}`) return true;
  // `rooms.test.ts`, `convex.config.ts`, `types.d.ts`: more than one dot is no module.
  return !name.includes(".");
}
