import type { api as Api } from "@muster/backend/api";
import type { FunctionReturnType } from "convex/server";
import type { Line } from "../invocation.ts";
import { ago } from "./ago.ts";

export type MachineView = FunctionReturnType<typeof Api.machines.list>["items"][number];

/** One machine: whether its daemon is heard, the programs that were found there, and what mends the others. */
export function machineLines(machine: MachineView, now: number): Line[] {
  const { name, os, daemonConnected, since, harnesses } = machine;
  const heard = daemonConnected ? "CONNECTED" : "DISCONNECTED";
  const width = Math.max(0, ...harnesses.map((harness) => harness.name.length));
  return [
    {
      text: `${name}  ${heard}  ${ago(now - since)}  ${os}`,
      colour: daemonConnected ? "green" : "grey",
    },
    ...harnesses.map(({ name: program, version, problem }): Line => {
      const head = `  ${program.padEnd(width)}`;
      if (problem === undefined) return `${head}  ${version}`;
      return { text: `${head}  ${problem.message} – ${problem.command}`, colour: "amber" };
    }),
  ];
}

/** `demo 1, opencode 1.18.3`: what agents can be run with there. */
export function foundOn({ harnesses }: Pick<MachineView, "harnesses">): string {
  const usable = harnesses.filter(({ problem }) => problem === undefined);
  if (usable.length === 0) return "nothing";
  return usable
    .map(({ name, version }) => (version === "unknown" ? name : `${name} ${version}`))
    .join(", ");
}
