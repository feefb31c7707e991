import { hostname } from "node:os";
import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { CliError } from "../errors.ts";
import type { Home } from "../home.ts";
import type { Handler, Runs } from "../invocation.ts";
import { asCaller, roleOf, roomOf, seatFlags, waitCommand, type SeatOptions } from "../session.ts";
import { withSeat } from "./options.ts";
import { machineNamed, requireUsable } from "./usable-machine.ts";
import { directoryAt } from "./workplace.ts";

interface AddOptions extends SeatOptions {
  readonly harness?: string;
  readonly type: "remote" | "custom";
  readonly model?: string;
  readonly cwd?: string;
  readonly machine?: string;
  readonly stopped?: boolean;
}

const add: Handler<AddOptions> = async (invocation, options) => {
  const room = roomOf(invocation, options);
  const role = roleOf(invocation, options);
  const { type, harness, model } = options;
  if (type === "remote" && harness === undefined) {
    throw new CliError("usage", "Which program runs the agent? A remote agent needs --harness.", {
      hint: "See what there is: muster machine list",
    });
  }
  const backend = await asCaller(invocation);
  const remote =
    harness === undefined || type === "custom"
      ? {}
      : await remoteAgent(invocation.home, backend, harness, options);
  const answer = await backend.mutate(api.agents.add, {
    room,
    role,
    type,
    harness: harness ?? "custom",
    ...remote,
    ...(model === undefined ? {} : { model }),
    ...(options.stopped === true ? { desired: "stopped" as const } : {}),
  });
  return {
    data: answer,
    summary: `${role} of ${room} is set up${options.stopped === true ? ", stopped" : ""}.`,
    next: [
      type === "custom"
        ? waitCommand({ room, role })
        : `muster agent status${seatFlags({ room, role })}`,
    ],
  };
};

/** Refuses what can be known to fail: another machine's directories cannot be looked at from here. */
async function remoteAgent(
  home: Home,
  backend: Backend,
  harness: string,
  { machine: name, cwd = "." }: AddOptions,
): Promise<{ machineId: string; workingDir: string }> {
  const machine = await machineNamed(backend, name);
  requireUsable(machine, harness);
  const isHere = machine.name === hostname();
  const workingDir = isHere ? await directoryAt(home, cwd) : resolve(cwd);
  return { machineId: machine._id, workingDir };
}

export function addAgentAdd(agent: Command, runs: Runs): void {
  withSeat(agent.command("add"))
    .description("set up the agent of a role and start it")
    .option("--harness <name>", "the program that runs it")
    .addOption(
      new Option("--type <type>", "remote: run by a machine; custom: by you, in your own tool")
        .choices(["remote", "custom"])
        .default("remote"),
    )
    .option("--model <name>", "the model that the program uses")
    .option("--cwd <dir>", "the directory it works in (default: this one)")
    .option("--machine <name>", "the machine that runs it (default: this one)")
    .option("--stopped", "set it up without starting it")
    .action(runs(add));
}
