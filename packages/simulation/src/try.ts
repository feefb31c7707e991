import { simulate } from "./simulate.ts";
const [from, to] = [Number(process.argv[2]), Number(process.argv[3] ?? process.argv[2])];
const print = process.argv.includes("--trace") ? (line: string) => console.log(line) : null;
for (let seed = from; seed <= to; seed++) {
  const t0 = performance.now();
  const o = await simulate(seed, { calm: process.argv.includes("--calm") }, print);
  const s = (performance.now() - t0) / 1000;
  console.log(
    seed,
    o.digest,
    "agents",
    o.plan.agents.length,
    "events",
    o.events,
    "requests",
    o.requests,
    "settling",
    o.settling,
    "x",
    Math.round(o.length / 1000 / s),
  );
  for (const v of o.violations.slice(0, 2)) console.log("   ", v.rule, v.what, v.at);
}
process.exit(0);
