import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Plugin } from "esbuild";

/**
 * What `npx convex codegen` writes into `_generated` for every folder alike; the rest of it are types. It asks a deployment that
 * serves the folder, so a folder that has none yet is served with these in its place.
 */
const GENERATED: Readonly<Record<string, string>> = {
  server: `export {
    actionGeneric as action, httpActionGeneric as httpAction, internalActionGeneric as internalAction,
    internalMutationGeneric as internalMutation, internalQueryGeneric as internalQuery,
    mutationGeneric as mutation, queryGeneric as query,
  } from "convex/server";
  export const env = process.env;`,
  api: `import { anyApi, componentsGeneric } from "convex/server";
  export { anyApi as api, anyApi as internal };
  export const components = componentsGeneric();`,
  dataModel: "export {};",
};
const IMPORT = /(?:^|\/)_generated\/(\w+)(?:\.[jt]s)?$/;

/** Bundles what is generated alike for every folder where this one lacks it. */
export function generated(folder: string): Plugin {
  const directory = join(folder, "_generated");
  return {
    name: "generated",
    setup(bundling) {
      bundling.onResolve({ filter: IMPORT }, ({ path, resolveDir }) => {
        const [, name = ""] = IMPORT.exec(path) ?? [];
        const isOurs = dirname(resolve(resolveDir, path)) === directory && name in GENERATED;
        const file = join(directory, name);
        if (!isOurs || existsSync(`${file}.js`) || existsSync(`${file}.ts`)) return undefined;
        return { path: `${file}.js`, pluginData: GENERATED[name] };
      });
      bundling.onLoad({ filter: IMPORT }, ({ pluginData }) =>
        typeof pluginData === "string" ? { contents: pluginData, resolveDir: folder } : undefined,
      );
    },
  };
}

/** Whether something was bundled in place of what is not generated yet. */
export function lacksGenerated(folder: string, inputs: readonly string[]): boolean {
  const directory = join(folder, "_generated");
  return inputs.some((input) => dirname(input) === directory && !existsSync(input));
}
