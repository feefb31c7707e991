import { createRequire } from "node:module";
import type { build as Build, BuildOptions, BuildResult, stop as Stop } from "esbuild";

/** How long esbuild's process is kept for a next bundle. It holds some 90 MB, which nobody needs while functions are served. */
const KEPT_MS = 500;

const esbuild = ownEsbuild();
let running = 0;
let ending: NodeJS.Timeout | undefined;

/** What esbuild's `build` does; its process ends soon after the last of the builds that are under way. */
export async function build(options: BuildOptions): Promise<BuildResult> {
  clearTimeout(ending);
  running += 1;
  try {
    return await esbuild.build(options);
  } finally {
    running -= 1;
    if (running === 0) ending = setTimeout(() => void esbuild.stop(), KEPT_MS).unref();
  }
}

/** An esbuild with a process of its own: to end a shared one would break the builds of others in this program. */
function ownEsbuild(): { readonly build: typeof Build; readonly stop: typeof Stop } {
  const require = createRequire(import.meta.url);
  const path = require.resolve("esbuild");
  const shared = require.cache[path];
  delete require.cache[path];
  try {
    return require(path) as { build: typeof Build; stop: typeof Stop };
  } finally {
    if (shared === undefined) delete require.cache[path];
    else require.cache[path] = shared;
  }
}
