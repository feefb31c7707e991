import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "../bundle/esbuild.ts";

/** What `convex.config.ts` declares, as the SDK exports it; code generation types `env` by it. */
export type AppDefinition = { readonly [field: string]: unknown };

const NO_DECLARATIONS: AppDefinition = {
  definitionType: { type: "app" },
  childComponents: [],
  httpMounts: {},
  exports: { type: "branch", branch: [] },
};

/** Reads the declarations of a functions folder, or empty ones without the file. Rejects when it does not load. */
export async function readAppDefinition(folder: string): Promise<AppDefinition> {
  const file = ["convex.config.ts", "convex.config.js"]
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
  return { ...(file === undefined ? NO_DECLARATIONS : await exportOf(file)), path: "" };
}

async function exportOf(file: string): Promise<AppDefinition> {
  const bundled = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    conditions: ["convex", "module"],
    logLevel: "silent",
  });
  const code = bundled.outputFiles?.[0]?.contents ?? new Uint8Array();
  const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  const module = (await import(url)) as { default: { export(): AppDefinition } };
  return module.default.export();
}
