import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { machineLines, type MachineView } from "../output/machines.ts";
import { asCaller } from "../session.ts";
import { machineNamed } from "./usable-machine.ts";

const list: Handler<object> = async (invocation) => {
  const backend = await asCaller(invocation);
  const { items } = await backend.query(api.machines.list, {});
  const now = Date.now();
  return {
    data: { items },
    summary: items.length === 1 ? "1 machine" : `${items.length} machines`,
    lines:
      items.length === 0
        ? ["No machines yet."]
        : items.flatMap((machine) => machineLines(machine, now)),
    next: items.some(({ daemonConnected }) => daemonConnected)
      ? []
      : ["muster machine daemon start"],
  };
};

const show: Handler<object> = async (invocation, _options, [name]) => {
  const backend = await asCaller(invocation);
  const machine = await machineNamed(backend, name);
  return {
    data: machine,
    summary: `${machine.name} is ${machine.daemonConnected ? "connected" : "disconnected"}.`,
    lines: machineLines(machine, Date.now()),
    next: mending(machine),
  };
};

/** What one would run on the machine so that all its programs can be used. */
function mending({ harnesses }: MachineView): string[] {
  return harnesses.flatMap(({ problem }) => (problem === undefined ? [] : [problem.command]));
}

export function addMachineList(machine: Command, runs: Runs): void {
  machine
    .command("list")
    .description("your machines, and the programs that were found on them")
    .action(runs(list));
  machine
    .command("show")
    .description("one machine, and what would mend it")
    .argument("[machine]", "its name or id (default: this one)")
    .action(runs(show));
}
