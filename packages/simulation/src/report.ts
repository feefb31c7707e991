import { FORGED_CALLS, FORGED_REPORTS } from "./checks/forger.ts";
import { AGENT_EDGES, NO_WAY, noCoverage, TASK_STEPS } from "./checks/lifecycles.ts";
import type { Coverage } from "./checks/lifecycles.ts";
import type { Outcome } from "./simulate.ts";

const HOUR_MS = 3_600_000;

interface Covered {
  readonly seen: readonly string[];
  readonly missing: readonly string[];
}

/** What of the lifecycles was seen, and what not. */
export function coverageOf({
  agent,
  agentRefused,
  task,
  taskRefused,
}: Coverage): Readonly<Record<string, Covered>> {
  return {
    "edges of agents": covered(
      new Set([...AGENT_EDGES.legal].filter((edge) => !NO_WAY.has(edge))),
      agent,
    ),
    "refused reports about agents": covered(FORGED_REPORTS, agentRefused),
    "steps of tasks": covered(TASK_STEPS, task),
    "refused calls about tasks": covered(FORGED_CALLS, taskRefused),
  };
}

function covered(all: ReadonlySet<string>, seen: ReadonlySet<string>): Covered {
  return {
    seen: [...all].filter((one) => seen.has(one)),
    missing: [...all].filter((one) => !seen.has(one)),
  };
}

export type Report = ReturnType<typeof sum>;

/** Adds up the outcomes of many seeds. */
export function sum() {
  const began = performance.now();
  const beganCpu = process.cpuUsage();
  const faults = new Map<string, number>();
  const coverage: Coverage = noCoverage();
  const digests: string[] = [];
  const failed: { seed: number; rule: string; what: string }[] = [];
  let [seeds, length, agentHours, commits, requests, events] = [0, 0, 0, 0, 0, 0];

  function add(outcome: Outcome): void {
    seeds += 1;
    digests.push(outcome.digest);
    length += outcome.length;
    agentHours += (outcome.plan.agents.length * outcome.length) / HOUR_MS;
    commits += outcome.commits;
    requests += outcome.requests;
    events += outcome.events;
    for (const [kind, times] of outcome.faults) faults.set(kind, (faults.get(kind) ?? 0) + times);
    for (const name of ["agent", "agentRefused", "task", "taskRefused"] as const)
      for (const edge of outcome.coverage[name]) coverage[name].add(edge);
    const [violation] = outcome.violations;
    if (violation !== undefined) {
      failed.push({ seed: outcome.plan.seed, rule: violation.rule, what: violation.what });
    }
  }

  const speed = () => length / (performance.now() - began);
  /** By the processor's time alone: what a computer with nothing else to do would give. */
  const speedOfCpu = () => {
    const { user, system } = process.cpuUsage(beganCpu);
    return (1_000 * length) / (user + system);
  };
  return {
    add,
    get violations() {
      return failed.length;
    },
    line({ plan, digest, length: ms, settling, violations }: Outcome): string {
      const size = `${plan.machines.length} machines, ${plan.rooms.length} rooms, ${plan.agents.length} agents`;
      const end =
        violations.length > 0
          ? `BROKEN: ${violations[0]?.rule}`
          : `well after ${((settling ?? 0) / 1_000).toFixed(0)} s`;
      return `seed ${plan.seed}  ${digest}  ${size}, ${(ms / HOUR_MS).toFixed(1)} h, ${end}`;
    },
    data: () => ({
      seeds,
      agentHours,
      speed: speed(),
      speedOfCpu: speedOfCpu(),
      commits,
      requests,
      events,
      faults: Object.fromEntries(faults),
      coverage: coverageOf(coverage),
      digests,
      failed,
    }),
    text(of: typeof coverageOf): string {
      const kinds = [...faults].sort((a, b) => b[1] - a[1]);
      const seen = Object.entries(of(coverage)).map(([name, { seen: there, missing }]) => {
        const rest = missing.length === 0 ? "" : `; not: ${missing.join(", ")}`;
        return `${name}: ${there.length} of ${there.length + missing.length}${rest}`;
      });
      return [
        `${seeds} seeds, ${agentHours.toFixed(0)} agent hours, ${speed().toFixed(0)} times as fast as life (${speedOfCpu().toFixed(0)} by the processor's time)`,
        `${commits} commits, ${requests} requests, ${events} events`,
        `faults: ${kinds.map(([kind, times]) => `${times} × ${kind}`).join(", ")}`,
        ...seen,
        failed.length === 0
          ? "No rule was broken."
          : `Broken: ${failed.map(({ seed, rule }) => `${rule} (seed ${seed})`).join(", ")}`,
      ].join("\n");
    },
  };
}
