import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

/** The variables under which a program of ours believes in another time: `+1h`, `-1h`, `+0 x1.1` (ten percent too fast). */
export function falseClock(time: string): Readonly<Record<string, string>> {
  const [library] = globSync(
    ["/usr/lib/*/faketime", "/usr/{lib,lib64,local/lib}/faketime"].map(
      (at) => `${at}/libfaketimeMT.so.1`,
    ),
  );
  if (library === undefined) throw new Error("libfaketime is not installed.");
  // Timers count by the other clock, as they do on a computer whose time is set wrong.
  return { LD_PRELOAD: library, FAKETIME: time, FAKETIME_DONT_FAKE_MONOTONIC: "1" };
}

/** Why no program can be given another time here, or undefined. */
export function clockHindrance(): string | undefined {
  try {
    const { PATH } = process.env;
    const ask = ["-p", "Date.now()"];
    const { stdout } = spawnSync(process.execPath, ask, { env: { PATH, ...falseClock("+1h") } });
    const ahead = Number(stdout.toString()) - Date.now();
    if (Math.abs(ahead - 3_600_000) < 60_000) return undefined;
    return `libfaketime does not move Node's clock (by ${ahead} ms instead of an hour).`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
