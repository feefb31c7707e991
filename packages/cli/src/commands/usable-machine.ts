import { hostname } from "node:os";
import type { FunctionReturnType } from "convex/server";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { CliError } from "../errors.ts";
import { foundOn } from "../output/machines.ts";

export type Machine = FunctionReturnType<typeof api.machines.list>["items"][number];

/** The machine that was named, else this one, else the only one. @throws `not_found` */
export async function machineNamed(backend: Backend, name: string | undefined): Promise<Machine> {
  const { items } = await backend.query(api.machines.list, {});
  const wanted = name ?? hostname();
  const machine =
    items.find((candidate) => candidate.name === wanted || candidate._id === wanted) ??
    (name === undefined && items.length === 1 ? items[0] : undefined);
  if (machine !== undefined) return machine;
  throw new CliError("not_found", `There is no machine called ${wanted}.`, {
    hint:
      name === undefined || items.length === 0
        ? "Start its daemon first: muster machine daemon start"
        : `Your machines: ${items.map((one) => one.name).join(", ")}.`,
  });
}

/** A program that is unknown there, or cannot be used, is refused with what mends it. @throws `not_found`, `invalid` */
export function requireUsable(machine: Machine, harness: string): void {
  const known = machine.harnesses.find(({ name }) => name === harness);
  if (known?.problem !== undefined) {
    const { message, command } = known.problem;
    throw new CliError("invalid", `${message.replace(/\.$/, "")}.`, {
      hint: `To mend it: ${command}`,
    });
  }
  if (known !== undefined || machine.harnesses.length === 0) return;
  throw new CliError("not_found", `${machine.name} has no harness called ${harness}.`, {
    hint: `It has: ${foundOn(machine)}`,
  });
}
