import { join } from "node:path";
import { CliError } from "../errors.ts";
import { readPrivateJson } from "../home.ts";
import type { Home } from "../home.ts";

/** A program on this machine that can be given turns. Only the machine's owner writes these, in a private file. */
export interface CommandHarness {
  readonly name: string;
  readonly version: string;
  /** Program and arguments; an argument `{model}` becomes the agent's model. */
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
}

/** Our own scripted agents: on every machine, without a model. */
export const DEMO = { name: "demo", version: "1" } as const;

export interface MachineHarnesses {
  /** `demo` first. */
  readonly harnesses: ReadonlyArray<CommandHarness | typeof DEMO>;
  /** Directories in which agents may work; none means any. */
  readonly roots: readonly string[];
}

const TURN_MS = 30 * 60_000;

/**
 * What this machine can run, from `harnesses.json` in the home:
 * `{"harnesses": {"claude": {"argv": ["claude", "-p"], "timeoutMs": 1800000}}, "roots": ["/home/ada/code"]}`.
 * @throws CliError naming the file if it makes no sense or others can change it
 */
export async function readHarnesses(home: Home): Promise<MachineHarnesses> {
  const file = join(home.root, "harnesses.json");
  const value = (await readPrivateJson(file)) ?? {};
  const { harnesses = {}, roots = [] } = value;
  if (typeof harnesses !== "object" || harnesses === null) throw senseless(file, "harnesses");
  if (!isStrings(roots)) throw senseless(file, "roots");
  const commands = Object.entries(harnesses).map(([name, entry]) => {
    const command = commandOf(name, entry);
    if (command === null) throw senseless(file, `harnesses.${name}`);
    return command;
  });
  return { harnesses: [DEMO, ...commands], roots };
}

function commandOf(name: string, entry: unknown): CommandHarness | null {
  if (typeof entry !== "object" || entry === null || name === DEMO.name) return null;
  const { argv, timeoutMs = TURN_MS, version = "unknown" } = entry as Record<string, unknown>;
  if (!isStrings(argv) || typeof version !== "string" || version === "") return null;
  if (typeof timeoutMs !== "number" || !(timeoutMs > 0)) return null;
  const [program, ...args] = argv;
  return program === undefined ? null : { name, version, argv: [program, ...args], timeoutMs };
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function senseless(file: string, what: string): CliError {
  return new CliError("unreadable_file", `${file} makes no sense at "${what}".`, {
    hint: 'It looks like {"harnesses": {"claude": {"argv": ["claude", "-p"]}}}; "demo" is taken.',
  });
}
