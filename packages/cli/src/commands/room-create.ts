import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { CliError } from "../errors.ts";
import type { Handler, Invocation, Line, Runs } from "../invocation.ts";
import { foundOn, type MachineView } from "../output/machines.ts";
import { asCaller, quoted } from "../session.ts";
import { newKey } from "../text.ts";
import { names } from "./options.ts";
import { machineNamed, requireUsable } from "./usable-machine.ts";
import { workplaceAt, type Workplace } from "./workplace.ts";

interface CreateOptions {
  readonly team?: readonly string[];
  readonly entry?: string;
  readonly repo?: string;
  readonly harness?: string;
}

/** Who works in a new room: programs of this machine, in a directory of it. */
interface Crew {
  readonly machine: MachineView;
  readonly harness: string;
  readonly workplace: Workplace;
}

const create: Handler<CreateOptions> = async (invocation, options, [name = ""]) => {
  const team = options.team ?? withEntry(["planner", "builder"], options.entry);
  const backend = await asCaller(invocation);
  const crew = await crewOf(invocation, backend, name, options);
  const room = await backend.mutate(
    api.rooms.create,
    {
      name,
      team: [...team],
      key: newKey(),
      ...(options.entry === undefined ? {} : { entryRole: options.entry }),
      ...(crew === null
        ? {}
        : {
            repo: crew.workplace.path,
            harness: crew.harness,
            machineId: crew.machine._id,
          }),
    },
    { patienceMs: 2_000 },
  );
  const warnings = crew?.workplace.warnings ?? [];
  return {
    data: { ...room, team, repo: crew?.workplace.path ?? null, warnings },
    summary: `Room ${room.name} is open.`,
    lines: [
      `Room ${room.name} is open.`,
      ...warnings.map((text): Line => ({ text, colour: "amber" })),
      ...whatHappensNext(crew, team, options.entry),
    ],
    next: [
      ...(crew?.machine.daemonConnected === false ? ["muster machine daemon start"] : []),
      `muster send --room ${quoted(room.name)} "hello"`,
      `muster room show ${quoted(room.name)}`,
    ],
  };
};

/** Checked before anything is created, so that a room is not left half-made. Null for a room without programs. */
async function crewOf(
  invocation: Invocation,
  backend: Backend,
  name: string,
  { repo, harness }: CreateOptions,
): Promise<Crew | null> {
  if (repo === undefined && harness === undefined) return null;
  const workplace = await workplaceAt(invocation.home, repo ?? ".");
  const machine = await machineNamed(backend, undefined);
  if (harness === undefined) throw whichHarness(machine, name, workplace.path);
  requireUsable(machine, harness);
  return { machine, harness, workplace };
}

/** Offers what is really there. */
function whichHarness(machine: MachineView, name: string, repo: string): CliError {
  const usable = machine.harnesses.filter(({ problem }) => problem === undefined);
  const first = usable.find((harness) => harness.name !== "demo") ?? usable[0];
  const command = `muster room create ${quoted(name)} --repo ${quoted(repo)}`;
  return new CliError(
    "usage",
    `Which program runs the team? Found on this machine: ${foundOn(machine)}.`,
    { hint: `For example: ${command} --harness ${first?.name ?? "NAME"}` },
  );
}

function whatHappensNext(
  crew: Crew | null,
  team: readonly string[],
  entry: string | undefined,
): string[] {
  if (crew === null) return [`Nobody sits there yet: ${team.join(", ")}.`];
  const { machine, harness, workplace } = crew;
  const starts = machine.daemonConnected
    ? `${machine.name} starts ${team.join(" and ")} with ${harness} in ${workplace.path}.`
    : `${team.join(" and ")} start with ${harness} as soon as the daemon of ${machine.name} runs.`;
  return [starts, `What you write goes to ${entry ?? team[0] ?? "nobody"}.`];
}

function withEntry(team: readonly string[], entry: string | undefined): readonly string[] {
  return entry === undefined || team.includes(entry) ? team : [entry, ...team];
}

export function addRoomCreate(room: Command, runs: Runs): void {
  room
    .command("create")
    .description("open a room, and with --repo and --harness start its team")
    .argument("<name>", "its name")
    .option(
      "--team <roles>",
      "its roles, with commas between them (default: planner,builder)",
      names,
    )
    .option(
      "--entry <role>",
      "the role that messages to nobody in particular go to (default: the first)",
    )
    .option("--repo <dir>", "the repository that the team works in (default: this directory)")
    .option("--harness <name>", "the program that runs the team on this machine")
    .action(runs(create));
}
