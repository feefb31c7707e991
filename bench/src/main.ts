import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { amountOf } from "../../scripts/amount.mjs";
import { findBrowser } from "../../scripts/browser.mjs";
import { measureDelivery } from "./delivery.ts";
import { measureFanOut } from "./fan-out.ts";
import type { Figure } from "./figure.ts";
import { measureFirstStart } from "./first-start.ts";
import { measureGrowth } from "./growth.ts";
import { measureHeartbeats } from "./heartbeats.ts";
import { measureHerd } from "./herd.ts";
import { measureKills } from "./kills.ts";
import { measureMemory } from "./memory.ts";
import { measureMutations } from "./mutations.ts";
import { pageOf, tableOf } from "./page.ts";
import { pageProblem, ROOT } from "./places.ts";
import { measureQueries } from "./queries.ts";
import { measureQueryWorkers } from "./query-workers.ts";
import { measureStarts } from "./starts.ts";
import { surroundings } from "./surroundings.ts";
import { measureWaiting } from "./waiting.ts";
import { measureYardstick, syncsBeside } from "./yardstick.ts";

/** In the order of the page; the yardstick comes first. */
const MEASUREMENTS = {
  yardstick: ["Yardstick", measureYardstick],
  delivery: ["Task delivery", measureDelivery],
  mutations: ["Durable mutations", measureMutations],
  queries: ["Queries", measureQueries],
  "query-workers": ["A query worker", measureQueryWorkers],
  heartbeats: ["Heartbeats", measureHeartbeats],
  "fan-out": ["Fan-out", measureFanOut],
  waiting: ["Waiting agents", measureWaiting],
  growth: ["A growing table", measureGrowth],
  herd: ["A herd comes back", measureHerd],
  memory: ["Memory", measureMemory],
  kills: ["Sudden death", measureKills],
  starts: ["Starts", measureStarts],
  "first-start": ["From a clone to a page", measureFirstStart],
} as const satisfies Record<string, readonly [string, (runs: number) => Promise<Figure[]>]>;

const USAGE = `pnpm bench [--runs N] [${Object.keys(MEASUREMENTS).join("|")} …]`;
const { runs, asked } = wishes();

const chosen = Object.entries(MEASUREMENTS).filter(
  ([name]) => asked.length === 0 || asked.includes(name),
);
// Said before the first measurement: all of them take long, and the one that opens the page comes late.
const opensPage = findBrowser() !== undefined && chosen.some(([name]) => name === "kills");
const problem = opensPage ? pageProblem() : null;
if (problem !== null) {
  console.error(problem);
  process.exit(2);
}

const facts = surroundings(runs);
const sections: [string, Figure[]][] = [];
for (const [, [title, measure]] of chosen) {
  console.error(`── ${title}`);
  const figures = await measure(runs);
  if (figures.some(({ durable }) => durable === true)) figures.push(...syncsBeside());
  console.log(`${tableOf(figures)}\n`);
  sections.push([title, figures]);
}
if (asked.length === 0) {
  const page = path.join(ROOT, "docs/benchmarks.md");
  writeFileSync(page, pageOf(facts, sections));
  spawnSync(path.join(ROOT, "node_modules/.bin/oxfmt"), [page], { stdio: "inherit" });
}

/** What the command line asks for. Ends the process with 0 after a word about the usage, and with 2 when it cannot be understood. */
function wishes(): { runs: number; asked: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      options: { runs: { type: "string" }, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    if (values.help === true) {
      console.log(USAGE);
      process.exit(0);
    }
    const unknown = positionals.find((name) => !Object.hasOwn(MEASUREMENTS, name));
    if (unknown !== undefined) throw new RangeError(`There is no measurement "${unknown}".`);
    return { runs: amountOf("--runs", values.runs, 5), asked: positionals };
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    return process.exit(2);
  }
}
