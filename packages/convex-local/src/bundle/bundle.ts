import { readFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildFailure, BuildOptions, Message, Plugin } from "esbuild";
import { EngineError } from "../engine/errors.ts";
import { build } from "./esbuild.ts";
import { generated } from "./generated.ts";
import { type Module, modulesOf } from "./modules.ts";

export interface Bundle {
  readonly modules: readonly Module[];
  readonly realm: Script;
  readonly actions: Script;
  /** Absolute paths of everything that went in, for the watcher. */
  readonly inputs: readonly string[];
}

export interface Script {
  readonly code: string;
  readonly sourceMap: string;
}

/** What is bundled in place of a TypeScript file, by its absolute path. */
export type Rewrite = (path: string, source: string) => string;

/** A source file here, JavaScript in the published package. */
const PRELUDE = fileURLToPath(
  new URL(`../realm/prelude/prelude${extname(import.meta.url)}`, import.meta.url),
);

/**
 * Bundles a functions folder twice: for realms (queries and mutations, nothing of Node) and for actions (natively on the host).
 * Throws `functions_broken` with the first fault's place.
 */
export async function bundle(folder: string, rewrite?: Rewrite): Promise<Bundle> {
  const modules = readModules(folder);
  const plugins = [generated(folder), ...(rewrite === undefined ? [] : [rewriting(rewrite)])];
  const forRealm = modules.filter((module) => !module.usesNode);
  const [realm, actions] = await Promise.all([
    run(folder, {
      stdin: entry(
        folder,
        forRealm,
        [`import ${JSON.stringify(PRELUDE)};`],
        "globalThis.__modules =",
      ),
      plugins,
      platform: "browser",
      format: "iife",
    }),
    run(folder, {
      stdin: entry(folder, modules, [], "module.exports ="),
      plugins,
      platform: "node",
      format: "cjs",
    }),
  ]);
  const inputs = [...new Set([...realm.inputs, ...actions.inputs])];
  return { modules, realm: realm.script, actions: actions.script, inputs };
}

function rewriting(rewrite: Rewrite): Plugin {
  return {
    name: "rewrite",
    setup(bundling) {
      bundling.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
        contents: rewrite(path, await readFile(path, "utf8")),
        loader: "ts",
      }));
    },
  };
}

function readModules(folder: string): Module[] {
  try {
    return modulesOf(folder);
  } catch (cause) {
    throw new EngineError("functions_broken", `The functions folder ${folder} cannot be read.`, {
      cause,
    });
  }
}

function entry(
  folder: string,
  modules: readonly Module[],
  head: readonly string[],
  target: string,
) {
  const imports = modules.map(
    ({ file }, at) => `import * as m${at} from ${JSON.stringify(`./${file}`)};`,
  );
  const names = modules.map(({ name }, at) => `${JSON.stringify(name)}: m${at}`);
  const contents = [...head, ...imports, `${target} {${names.join(", ")}};`].join("\n");
  return { contents, resolveDir: folder, sourcefile: "convex-local-entry.js" };
}

async function run(
  folder: string,
  options: BuildOptions,
): Promise<{ script: Script; inputs: string[] }> {
  const directory = dirname(folder);
  try {
    const result = await build({
      ...options,
      absWorkingDir: directory,
      bundle: true,
      write: false,
      metafile: true,
      outfile: join(directory, "functions.js"),
      sourcemap: "external",
      sourcesContent: false,
      target: "esnext",
      jsx: "automatic",
      conditions: ["convex", "module"],
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "silent",
    });
    const file = (ending: string) =>
      result.outputFiles?.find(({ path }) => path.endsWith(ending))?.text ?? "";
    const inputs = Object.keys(result.metafile?.inputs ?? {}).map((path) => join(directory, path));
    return { script: { code: file(".js"), sourceMap: file(".map") }, inputs };
  } catch (cause) {
    const [first] = (cause as Partial<BuildFailure>).errors ?? [];
    if (first === undefined) throw cause;
    throw broken(directory, first, cause);
  }
}

function broken(
  directory: string,
  { text, location, notes }: Message,
  cause: unknown,
): EngineError {
  const hint = notes[0]?.text === undefined ? "" : ` (${notes[0].text})`;
  if (location === null) return new EngineError("functions_broken", `${text}${hint}`, { cause });
  const place = `${join(directory, location.file)}:${location.line}:${location.column + 1}`;
  return new EngineError("functions_broken", `${place}: ${text}${hint}`, { place, cause });
}
