/**
 * Lets the programs written in Go that this process starts leave their garbage until they hold 512 MB: esbuild, which every start of
 * `muster up` needs for a moment, spends a quarter of that moment on looking for it.
 */
export function leaveGarbage() {
  process.env.GOGC = "off";
  process.env.GOMEMLIMIT = "512MiB";
}
