import { parseArgs } from "node:util";
import { plantInProducts } from "./bugs/bug.ts";
import type { Catch } from "./bugs/hunt.ts";
import { bugNamed, BUGS } from "./bugs/list.ts";

const USAGE =
  "pnpm simulate [--seeds N] [--seed FIRST] [--agents N] [--hours H] [--calm] [--dense] [--gentle] [--pace MINUTES] [--timing standard|fast] [--rest H] [--figures] [--bug NAME|all] [--trace] [--json]";

/** Products end waits by errors, and each error costs its stack. */
const FRAMES = 4;

/** After each seed's work: schedules tick on while nobody does anything. */
const REST_HOURS = 6;

/**
 * Runs seeds, one after the other. Ends with 1 if a rule was broken in one of them, and says how to see it again. With a bug planted
 * it ends with the first seed that finds it.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "1" },
      seed: { type: "string", default: "1" },
      agents: { type: "string" },
      hours: { type: "string" },
      calm: { type: "boolean", default: false },
      dense: { type: "boolean", default: false },
      gentle: { type: "boolean", default: false },
      pace: { type: "string" },
      timing: { type: "string" },
      rest: { type: "string" },
      figures: { type: "boolean", default: false },
      bug: { type: "string" },
      trace: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const wishes = {
    agents: numberOf(values.agents),
    hours: numberOf(values.hours),
    calm: values.calm,
    dense: values.dense,
    gentle: values.gentle,
    pace: numberOf(values.pace),
    timing: timingOf(values.timing),
    rest: values.rest === "0" ? 0 : (numberOf(values.rest) ?? REST_HOURS),
  };
  Error.stackTraceLimit = FRAMES;
  let [first, count] = [numberOf(values.seed) ?? 1, numberOf(values.seeds) ?? 1];
  if (values.bug === "all") return await huntAll(count);
  if (values.bug !== undefined) plantInProducts(bugNamed(values.bug));
  // Behind the hooks: everything that is loaded from here on is loaded with the bug.
  await import("./hooks.ts");
  if (values.figures) return await figures(values.json);
  const { simulate } = await import("./simulate.ts");
  const { coverageOf, sum } = await import("./report.ts");
  const print = values.trace ? (line: string) => console.log(line) : null;
  const report = sum();
  for (let seed = first; seed < first + count; seed += 1) {
    const outcome = await simulate(seed, wishes, print);
    report.add(outcome);
    const [violation] = outcome.violations;
    if (!values.json) console.log(report.line(outcome));
    if (values.bug !== undefined && violation !== undefined) count = 0;
    if (values.json || violation === undefined) continue;
    console.log(`\n${violation.rule}: ${violation.what}\n`);
    if (!values.trace) console.log(`${violation.trace.join("\n")}\n`);
    console.log(`To see it again: pnpm simulate --seed ${seed}${flags(values)} --trace\n`);
  }
  console.log(values.json ? JSON.stringify(report.data()) : report.text(coverageOf));
  return report.violations === 0 ? 0 : 1;
}

/** Plants each bug once and looks for it from the first seed on. Ends with 1 when one is not found. */
async function huntAll(seeds: number): Promise<number> {
  const { hunt, lineOf } = await import("./bugs/hunt.ts");
  const onCatch = (one: Catch) => console.log(lineOf(one));
  const caught = await hunt(BUGS, { seeds, hinted: false, side: 2, onCatch });
  const found = caught.filter((one) => one.found !== null).length;
  console.log(`${found} of ${caught.length} bugs are found.`);
  return found === caught.length ? 0 : 1;
}

/** Plays every scene and prints what it measured. Ends with 1 when a figure is above its bound. */
async function figures(asJson: boolean): Promise<number> {
  const { SCENES } = await import("./figures/figures.ts");
  const { isKept, tableOf } = await import("./figures/figure.ts");
  const all = [];
  for (const scene of Object.values(SCENES)) {
    const measured = await scene();
    all.push(...measured);
    if (!asJson) console.log(tableOf(measured));
  }
  if (asJson) console.log(JSON.stringify(all));
  return all.every(isKept) ? 0 : 1;
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new TypeError(`${text} is no number above zero.\n${USAGE}`);
}

function timingOf(text: string | undefined): "standard" | "fast" | undefined {
  if (text === undefined || text === "standard" || text === "fast") return text;
  throw new TypeError(`There is no timing ${text}.\n${USAGE}`);
}

interface Said {
  readonly agents?: string;
  readonly hours?: string;
  readonly pace?: string;
  readonly timing?: string;
  readonly rest?: string;
  readonly calm: boolean;
  readonly dense: boolean;
  readonly gentle: boolean;
  readonly bug?: string;
}

function flags({ agents, hours, pace, timing, rest, calm, dense, gentle, bug }: Said): string {
  const said = [
    agents === undefined ? "" : ` --agents ${agents}`,
    hours === undefined ? "" : ` --hours ${hours}`,
    pace === undefined ? "" : ` --pace ${pace}`,
    timing === undefined ? "" : ` --timing ${timing}`,
    rest === undefined ? "" : ` --rest ${rest}`,
    calm ? " --calm" : "",
    dense ? " --dense" : "",
    gentle ? " --gentle" : "",
    bug === undefined ? "" : ` --bug ${bug}`,
  ];
  return said.join("");
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  const isParseError = "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  console.error(isParseError ? `${error.message}\n${USAGE}` : error.message);
  process.exitCode = 2;
}
process.exit();
