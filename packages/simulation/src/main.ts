import { parseArgs } from "node:util";
import { plantInProducts } from "./bugs/bug.ts";
import { bugNamed } from "./bugs/list.ts";

const USAGE =
  "pnpm simulate [--seeds N] [--seed FIRST] [--agents N] [--hours H] [--calm] [--bug NAME] [--trace] [--json]";

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
      bug: { type: "string" },
      trace: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const wishes = {
    agents: numberOf(values.agents),
    hours: numberOf(values.hours),
    calm: values.calm,
  };
  let [first, count] = [numberOf(values.seed) ?? 1, numberOf(values.seeds) ?? 1];
  if (values.bug !== undefined) plantInProducts(bugNamed(values.bug));
  // Behind the hooks: everything that is loaded from here on is loaded with the bug.
  await import("./hooks.ts");
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

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new TypeError(`${text} is no number above zero.\n${USAGE}`);
}

function flags({
  agents,
  hours,
  calm,
}: {
  agents?: string;
  hours?: string;
  calm: boolean;
}): string {
  const said = [
    agents === undefined ? "" : ` --agents ${agents}`,
    hours === undefined ? "" : ` --hours ${hours}`,
    calm ? " --calm" : "",
  ];
  return said.join("");
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
process.exit();
