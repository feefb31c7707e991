import { build as buildNow, type BuildOptions, type BuildResult, stop } from "esbuild";

/** How long esbuild's process is kept for a next bundle. It holds some 90 MB, which nobody needs while functions are served. */
const KEPT_MS = 500;

let running = 0;
let ending: NodeJS.Timeout | undefined;

/** What esbuild's `build` does; its process ends soon after the last of the builds that are under way. */
export async function build(options: BuildOptions): Promise<BuildResult> {
  clearTimeout(ending);
  running += 1;
  try {
    return await buildNow(options);
  } finally {
    running -= 1;
    if (running === 0) ending = setTimeout(() => void stop(), KEPT_MS).unref();
  }
}
