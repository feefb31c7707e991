/**
 * `pnpm torture [--kills N] [--seed S]`: kills the runtime N times (30 unless told otherwise) under connections that write, and checks
 * what is left; each round acknowledges more than a thousand mutations, so a thousand kills prove a million. Prints its seed, by which
 * the moments are chosen.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: { kills: { type: "string", default: "30" }, seed: { type: "string" } },
});
const root = path.dirname(import.meta.dirname);
const { status } = spawnSync(
  path.join(root, "node_modules/.bin/vitest"),
  ["run", "--config", "vitest.heavy.config.ts", "packages/convex-local/test/history.heavy.ts"],
  {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      PATH: `${path.join(root, "node_modules/.bin")}${path.delimiter}${process.env.PATH}`,
      MUSTER_KILLS: values.kills,
      ...(values.seed === undefined ? {} : { MUSTER_SEED: values.seed }),
    },
  },
);
process.exitCode = status ?? 1;
