import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "./engine.ts";

const { status, error } = spawnSync("strace", ["-e", "trace=none", "true"]);
const isTraced = status === 0;
if (!isTraced) {
  const why = error === undefined ? "strace may not trace here" : "strace is not installed";
  console.warn(`Not proven here: that the names above a new directory are synced, because ${why}.`);
}

test.skipIf(!isTraced)(
  "a new data directory is there after a power cut: every new name above it is synced",
  () => {
    const root = realpathSync(temporaryDirectory());
    mkdirSync(join(root, "present"));
    const trace = join(root, "trace");
    const module = join(import.meta.dirname, "..", "src", "storage", "data-directory.ts");
    const script = `import(${JSON.stringify(module)}).then((m) => m.holdDataDirectory(process.argv[1]))`;
    const data = join(root, "present", "a", "data");
    const options = ["-f", "-y", "-e", "trace=fsync,fdatasync", "-o", trace];
    const node = [process.execPath, "--no-warnings", "-e", script, data];
    expect(spawnSync("strace", [...options, ...node]).status).toBe(0);
    const synced = Array.from(readFileSync(trace, "utf8").matchAll(/<(.*?)>/g), ([, path]) => path);
    const above = [join(root, "present"), join(root, "present", "a"), data];
    expect(synced).toEqual(expect.arrayContaining(above));
  },
);
