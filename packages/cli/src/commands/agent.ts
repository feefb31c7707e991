import { hostname } from "node:os";
import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { CliError } from "../errors.ts";
import type { Handler, Runs } from "../invocation.ts";
import { rosterLines } from "../output/roster.ts";
import {
  asCaller,
  quoted,
  roleOf,
  roomOf,
  seatFlags,
  waitCommand,
  type SeatOptions,
} from "../session.ts";
import { withSeat } from "./options.ts";

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
      hint: "For example: --harness demo",
    });
  }
  const backend = await asCaller(invocation);
  const remote =
    harness === undefined || type === "custom"
      ? {}
      : { machineId: await machineWith(backend, harness, options.machine) };
  const answer = await backend.mutate(api.agents.add, {
    room,
    role,
    type,
    harness: harness ?? "custom",
    ...remote,
    ...(model === undefined ? {} : { model }),
    ...(type === "remote" ? { workingDir: resolve(options.cwd ?? ".") } : {}),
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

/** The machine that was named, else this one, else the only one; it must have the program. */
async function machineWith(
  backend: Backend,
  harness: string,
  name: string | undefined,
): Promise<string> {
  const { items } = await backend.query(api.machines.list, {});
  const wanted = name ?? hostname();
  const machine =
    items.find((candidate) => candidate.name === wanted || candidate._id === wanted) ??
    (name === undefined && items.length === 1 ? items[0] : undefined);
  if (machine === undefined) {
    throw new CliError("not_found", `There is no machine called ${wanted}.`, {
      hint: "Start its daemon first: muster machine daemon start",
    });
  }
  const known = machine.harnesses.map((program) => program.name);
  if (known.length > 0 && !known.includes(harness)) {
    throw new CliError("not_found", `${machine.name} has no harness called ${harness}.`, {
      hint: `It has: ${known.join(", ")}`,
    });
  }
  return machine._id;
}

/** What a person wants of an agent: one call each, and a sentence that says what that means. */
function order(verb: "start" | "stop" | "kill", said: string): Handler<SeatOptions> {
  return async (invocation, options) => {
    const room = roomOf(invocation, options);
    const role = roleOf(invocation, options);
    const backend = await asCaller(invocation);
    const answer = await backend.mutate(api.agents[verb], { room, role });
    return {
      data: answer,
      summary: `${role} ${said} (${answer.agentStatus}).`,
      next: [`muster agent status${seatFlags({ room, role })}`],
    };
  };
}

const status: Handler<SeatOptions> = async (invocation, options) => {
  const room = roomOf(invocation, options);
  const role = options.role;
  const backend = await asCaller(invocation);
  const { items } = await backend.query(api.rooms.getTeamReadiness, { room });
  const seats = role === undefined ? items : items.filter((seat) => seat.role === role);
  if (role !== undefined && seats.length === 0) {
    throw new CliError("not_found", `There is no role ${role} in ${room}.`, {
      hint: `See who is there: muster room show ${quoted(room)}`,
    });
  }
  return {
    data: { items: seats },
    summary: seats.map((seat) => `${seat.role} ${seat.agentStatus}`).join(", "),
    lines: rosterLines(seats, Date.now()),
  };
};

export function addAgent(program: Command, runs: Runs): void {
  const agent = program.command("agent").description("who fills a role, and whether it runs");
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
  const verbs = [
    ["start", "have it run, also when it gave up before", "is wanted running"],
    ["stop", "end it for good, until you start it again", "is wanted stopped"],
    ["kill", "crash it on purpose, to see it come back", "is being killed"],
  ] as const;
  for (const [verb, description, said] of verbs) {
    withSeat(agent.command(verb))
      .description(description)
      .action(runs(order(verb, said)));
  }
  withSeat(agent.command("status"))
    .description("how the agents of a room are")
    .action(runs(status));
}
