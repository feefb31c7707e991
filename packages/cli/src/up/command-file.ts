import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePrivateDir, writePrivate, type Home } from "../home.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/**
 * Writes `bin/muster`: this checkout on this very Node, from any directory. NODE_OPTIONS of the caller's project do not
 * reach it; compiled code is cached beside the home, so that the second call is quick.
 */
export async function writeCommandFile(home: Home): Promise<void> {
  const script = [
    "#!/bin/sh",
    "unset NODE_OPTIONS NODE_PATH",
    `export NODE_COMPILE_CACHE=${word(join(home.root, "cache"))}`,
    `exec ${word(process.execPath)} ${word(main)} "$@"`,
    "",
  ].join("\n");
  await ensurePrivateDir(join(home.root, "cache"));
  await writePrivate(join(home.bin, "muster"), script, 0o700);
}

function word(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
