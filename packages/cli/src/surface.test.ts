import { expect, test } from "vitest";
import { EXIT } from "./errors.ts";
import type { Runs } from "./invocation.ts";
import { allOf, createProgram } from "./program.ts";

const runs: Runs = () => () => Promise.resolve();
const program = await createProgram(runs, () => undefined);

function surface(): string {
  const commands = allOf(program).map((command) => {
    const parents: string[] = [];
    for (let at = command; at.parent !== null; at = at.parent) parents.unshift(at.name());
    const args = command.registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
      const flag = argument.required ? `<${name}>` : `[${name}]`;
      return `  ${flag.padEnd(24)} ${argument.description}`;
    });
    const options = command.options.map((option) => {
      const value: unknown = option.defaultValue;
      const preset =
        value === undefined || typeof value === "boolean" ? "" : ` [${JSON.stringify(value)}]`;
      const needed = option.mandatory && value === undefined ? " (required)" : "";
      return `  ${option.flags.padEnd(24)} ${option.description}${preset}${needed}`;
    });
    const head = `${["muster", ...parents].join(" ")} – ${command.description()}`;
    return [head, ...args, ...options].join("\n");
  });
  const exits = Object.entries(EXIT).map(([name, code]) => `  ${String(code).padEnd(4)} ${name}`);
  return `${[...commands, ["exit codes", ...exits].join("\n")].join("\n\n")}\n`;
}

test("the command surface is the one that people and agents were promised", async () => {
  await expect(surface()).toMatchFileSnapshot("surface.golden.txt");
});

test("every command that can be run answers in JSON when asked to", () => {
  const leaves = allOf(program).filter((command) => command.commands.length === 0);
  expect(leaves.length).toBeGreaterThan(20);
  for (const leaf of leaves) {
    expect(leaf.options.map((option) => option.long)).toContain("--json");
  }
});

test("a command that is loaded alone is the one among all", async () => {
  for (const command of program.commands) {
    const { commands } = await createProgram(runs, () => undefined, command.name());
    expect(commands.map((alone) => alone.name())).toEqual([command.name()]);
    expect(commands[0]?.helpInformation()).toBe(command.helpInformation());
  }
});
