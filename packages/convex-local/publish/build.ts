/**
 * `node publish/build.ts [directory]`: makes the package as it is published, `dist` unless told otherwise. Node strips no types below
 * node_modules, so it holds JavaScript, one file for each source file, and the types of what `index.ts` exports. `npm pack` it, or
 * `npm publish`.
 */
import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { declarationsOf } from "./declarations.ts";
import { entriesOf, type Manifest, published } from "./manifest.ts";

const ROOT = dirname(import.meta.dirname);
const SOURCES = join(ROOT, "src");

/** Relative imports stay what they are, but for the ending. */
const javaScriptNames: Plugin = {
  name: "javascript-names",
  setup(builds) {
    builds.onResolve({ filter: /^\.{1,2}\// }, ({ path, kind }) =>
      kind === "entry-point" ? null : { path: path.replace(/\.ts$/, ".js"), external: true },
    );
  },
};

async function buildPackage(target: string): Promise<void> {
  rmSync(target, { recursive: true, force: true });
  await build({
    entryPoints: globSync(join(SOURCES, "**/*.ts")).filter((file) => !file.endsWith(".test.ts")),
    outdir: join(target, "lib"),
    outbase: SOURCES,
    bundle: true,
    packages: "external",
    plugins: [javaScriptNames],
    platform: "node",
    format: "esm",
    target: "node22",
    logLevel: "warning",
  });
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
  for (const [file, text] of declarations(entriesOf(manifest))) {
    writeFileSync(join(target, "lib", file), text);
  }
  writeFileSync(
    join(target, "package.json"),
    `${JSON.stringify(published(manifest, installedVersion), null, 2)}\n`,
  );
  cpSync(join(ROOT, "README.md"), join(target, "README.md"));
  cpSync(join(ROOT, "../../LICENSE"), join(target, "LICENSE"));
}

function declarations(entries: readonly string[]): Map<string, string> {
  const scratch = mkdtempSync(join(tmpdir(), "convex-local-types-"));
  try {
    const compiler = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
    const { status, stdout } = spawnSync(
      process.execPath,
      [compiler, "-p", join(import.meta.dirname, "tsconfig.json"), "--outDir", scratch],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`The types cannot be made:\n${stdout}`);
    return declarationsOf(scratch, entries);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const require = createRequire(import.meta.url);

function installedVersion(dependency: string): string {
  const file = join(ROOT, "node_modules", dependency, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

await buildPackage(process.argv[2] ?? join(ROOT, "dist"));
