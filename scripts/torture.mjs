/**
 * `pnpm torture [--kills N] [--seed S]`: kills the runtime N times (30 unless told otherwise) under connections that write, and checks
 * what is left; each round acknowledges more than a thousand mutations, so a thousand kills prove a million. Prints its seed, by which
 * the moments are chosen. Ends with 2 when it was called wrongly.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { amountOf } from "./amount.mjs";

const USAGE = "pnpm torture [--kills N] [--seed S]";
const OPTIONS = {
  kills: { type: "string" },
  seed: { type: "string" },
  help: { type: "boolean", short: "h" },
};

/** What was asked for, as the tests take it from their environment; undefined for a word about the usage. */
function wishes() {
  const args = process.argv.slice(2).filter((argument) => argument !== "--");
  const { kills, seed, help } = parseArgs({ args, options: OPTIONS }).values;
  if (help) return undefined;
  return {
    MUSTER_KILLS: String(amountOf("--kills", kills, 30)),
    ...(seed === undefined ? {} : { MUSTER_SEED: String(amountOf("--seed", seed, 0, 0)) }),
  };
}

function torture(asked) {
  const root = path.dirname(import.meta.dirname);
  const bin = path.join(root, "node_modules/.bin");
  const { status } = spawnSync(
    path.join(bin, "vitest"),
    ["run", "--config", "vitest.heavy.config.ts", "packages/convex-local/test/history.heavy.ts"],
    {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, ...asked },
    },
  );
  return status ?? 1;
}

try {
  const asked = wishes();
  if (asked === undefined) console.log(USAGE);
  else process.exitCode = torture(asked);
} catch (error) {
  const isParseError = String(error.code).startsWith("ERR_PARSE_ARGS");
  if (!isParseError && !(error instanceof RangeError)) throw error;
  console.error(isParseError ? `${error.message}\n${USAGE}` : error.message);
  process.exitCode = 2;
}
