import { Option, type Command } from "commander";
import { addHarness, readHarnesses, removeHarness } from "../adapters/harnesses.ts";
import { foundHarnesses } from "../adapters/known.ts";
import { CliError } from "../errors.ts";
import type { Handler, Runs } from "../invocation.ts";
import { quoted, refuseAgent } from "../session.ts";

const WHAT = "change which programs its machine runs";

const add: Handler<{ adapter: "acp" | "command" }> = async (invocation, { adapter }, words) => {
  refuseAgent(invocation, WHAT);
  const [name, program, ...args] = words;
  if (name === undefined || program === undefined) {
    throw new CliError("usage", "Which program? Give its command after --.", {
      hint: "For example: muster machine harness add gemini -- gemini --acp",
    });
  }
  await addHarness(invocation.home, { name, adapter, argv: [program, ...args] });
  return {
    data: { name, adapter, argv: [program, ...args] },
    summary: `This machine runs agents with ${name} now: ${[program, ...args].map(quoted).join(" ")}`,
    next: [`muster agent add --room ROOM --role ROLE --harness ${name}`],
  };
};

const list: Handler<object> = async ({ home, env }) => {
  const found = await foundHarnesses({ home, env });
  const { harnesses } = await readHarnesses(home);
  const lines = found.map(({ name, version, problem }) => {
    const configured = harnesses.find((harness) => harness.name === name);
    if (problem !== undefined) return `${name}  ${problem.message}: ${problem.command}`;
    if (configured === undefined) return `${name} ${version}`;
    return `${name}  (${configured.adapter}) ${configured.argv.map(quoted).join(" ")}`;
  });
  return {
    data: { items: found },
    summary: `${found.filter(({ problem }) => problem === undefined).length} harnesses`,
    lines,
    next: found.flatMap(({ problem }) => (problem === undefined ? [] : [problem.command])),
  };
};

const remove: Handler<object> = async (invocation, _options, [name = ""]) => {
  refuseAgent(invocation, WHAT);
  if (!(await removeHarness(invocation.home, name))) {
    throw new CliError("not_found", `Nobody has configured a harness called ${name} here.`, {
      hint: "See: muster machine harness list",
    });
  }
  return { data: { name }, summary: `${name} is not configured any more.` };
};

export function addMachineHarness(machine: Command, runs: Runs): void {
  const harness = machine.command("harness").description("the programs that run agents here");
  harness
    .command("add")
    .description("have one more, or another command for one: add NAME -- COMMAND…")
    .argument("<name>", "what agents call it")
    .argument("<command...>", "the program and its arguments, after --")
    .addOption(
      new Option("--adapter <kind>", "acp: speaks that protocol; command: one process per turn")
        .choices(["acp", "command"])
        .default("acp"),
    )
    .action(runs(add));
  harness
    .command("list")
    .description("what was found here, and what is missing")
    .action(runs(list));
  harness
    .command("remove")
    .description("take one out of the configuration")
    .argument("<name>", "its name")
    .action(runs(remove));
}
