import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { join } from "node:path";

const RELATIVE = /(?<=(?:from |import\()")(\.{1,2}\/[^"]+)\.ts(?=")/g;

/** The declaration files that the entries need, themselves included, as text by path; they name each other as JavaScript. */
export function declarationsOf(directory: string, entries: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const follow = (file: string) => {
    if (found.has(file)) return;
    const text = readFileSync(join(directory, file), "utf8");
    found.set(file, text.replaceAll(RELATIVE, "$1.js"));
    for (const [, path = ""] of text.matchAll(RELATIVE)) {
      follow(`${posix.join(posix.dirname(file), path)}.d.ts`);
    }
  };
  for (const entry of entries) follow(`${entry}.d.ts`);
  return found;
}
