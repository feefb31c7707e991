import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, platform, release, totalmem } from "node:os";
import path from "node:path";
import { ROOT } from "./places.ts";

/** What a reader has to know to compare: the machine, the versions, the settings. No names or paths of this computer. */
export function surroundings(runs: number): readonly (readonly [string, string])[] {
  const [load = 0] = loadavg();
  const [cpu] = cpus();
  return [
    ["date", new Date().toISOString().slice(0, 10)],
    ["commit", git("rev-parse", "--short", "HEAD")],
    [
      "machine",
      `${cpus().length} cores (${cpu?.model ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GB memory`,
    ],
    ["kernel", `${platform()} ${release()}`],
    [
      "load before the first run",
      load < 0.5 ? load.toFixed(1) : `${load.toFixed(1)}: other work slowed every figure`,
    ],
    ["Node", process.version],
    ["SQLite", `${process.versions["sqlite"] ?? "unknown"}, WAL, synchronous=FULL`],
    ["convex", convexVersion()],
    ["runs of each measurement", String(runs)],
  ];
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();
}

function convexVersion(): string {
  const manifest = path.join(import.meta.dirname, "../node_modules/convex/package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
