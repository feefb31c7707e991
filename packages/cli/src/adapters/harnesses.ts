import { join } from "node:path";
import { CliError } from "../errors.ts";
import { readPrivateJson, writePrivateJson } from "../home.ts";
import type { Home } from "../home.ts";

/** A program on this machine that can be given turns, as its owner has configured it in a private file. */
export interface ConfiguredHarness {
  readonly name: string;
  readonly version: string;
  /** `acp` speaks the Agent Client Protocol; `command` is one process per turn. */
  readonly adapter: "acp" | "command";
  /** Program and arguments; for `command`, an argument `{model}` becomes the agent's model. */
  readonly argv: readonly [string, ...string[]];
  /** What it gets besides the agent's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** How long one turn of a `command` may take. */
  readonly timeoutMs: number;
  /** How long an `acp` program may say nothing while no tool runs and nobody is asked. */
  readonly silenceMs: number;
}

/** Our own scripted agents: on every machine, without a model. */
export const DEMO = { name: "demo", version: "1" } as const;

export interface MachineConfiguration {
  readonly harnesses: readonly ConfiguredHarness[];
  /** Directories in which agents may work; none means any. */
  readonly roots: readonly string[];
}

const TURN_MS = 30 * 60_000;
const SILENCE_MS = 10 * 60_000;
const NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/;

export function configurationFile(home: Home): string {
  return join(home.root, "harnesses.json");
}

/**
 * What this machine's owner has configured, from `harnesses.json` in the home:
 * `{"harnesses": {"claude": {"adapter": "command", "argv": ["claude", "-p"]}}, "roots": ["/home/ada/code"]}`.
 * @throws CliError naming the file if it makes no sense or others can change it
 */
export async function readHarnesses(home: Home): Promise<MachineConfiguration> {
  const file = configurationFile(home);
  const value = (await readPrivateJson(file)) ?? {};
  const { harnesses = {}, roots = [] } = value;
  if (typeof harnesses !== "object" || harnesses === null) throw senseless(file, "harnesses");
  if (!isStrings(roots)) throw senseless(file, "roots");
  const configured = Object.entries(harnesses).map(([name, entry]) => {
    const harness = harnessOf(name, entry);
    if (harness === null) throw senseless(file, `harnesses.${name}`);
    return harness;
  });
  return { harnesses: configured, roots };
}

export interface NewHarness {
  readonly name: string;
  readonly adapter: ConfiguredHarness["adapter"];
  readonly argv: readonly [string, ...string[]];
}

/** Adds one to this machine's configuration, or replaces the one of that name. @throws CliError */
export async function addHarness(home: Home, { name, ...entry }: NewHarness): Promise<void> {
  if (name === DEMO.name || !NAME.test(name)) {
    throw new CliError("usage", `${JSON.stringify(name)} cannot be a harness's name.`, {
      hint: `Take lower-case letters, digits, dots and dashes; "${DEMO.name}" is taken.`,
    });
  }
  await changeHarnesses(home, (harnesses) => ({ ...harnesses, [name]: entry }));
}

/** False if there was none of that name. @throws CliError */
export async function removeHarness(home: Home, name: string): Promise<boolean> {
  const { harnesses } = await readHarnesses(home);
  if (!harnesses.some((harness) => harness.name === name)) return false;
  await changeHarnesses(home, ({ [name]: _removed, ...rest }) => rest);
  return true;
}

async function changeHarnesses(
  home: Home,
  change: (harnesses: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  await readHarnesses(home);
  const value = (await readPrivateJson(configurationFile(home))) ?? {};
  const harnesses = (value["harnesses"] ?? {}) as Record<string, unknown>;
  await writePrivateJson(configurationFile(home), { ...value, harnesses: change(harnesses) });
}

function harnessOf(name: string, entry: unknown): ConfiguredHarness | null {
  if (typeof entry !== "object" || entry === null || name === DEMO.name) return null;
  const fields = entry as Record<string, unknown>;
  const { argv, adapter = "command", version = "unknown", environment = {} } = fields;
  const { timeoutMs = TURN_MS, silenceMs = SILENCE_MS } = fields;
  if (!isStrings(argv) || typeof version !== "string" || version === "") return null;
  if (adapter !== "acp" && adapter !== "command") return null;
  if (!isDuration(timeoutMs) || !isDuration(silenceMs) || !isEnvironment(environment)) return null;
  const [program, ...args] = argv;
  if (program === undefined) return null;
  return { name, version, adapter, argv: [program, ...args], environment, timeoutMs, silenceMs };
}

function isDuration(value: unknown): value is number {
  return typeof value === "number" && value > 0;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isEnvironment(value: unknown): value is Record<string, string> {
  return typeof value === "object" && value !== null && isStrings(Object.values(value));
}

function senseless(file: string, what: string): CliError {
  return new CliError("unreadable_file", `${file} makes no sense at "${what}".`, {
    hint: 'It looks like {"harnesses": {"claude": {"argv": ["claude", "-p"]}}}; "demo" is taken.',
  });
}

/** The built-in settings of a program that nobody had to configure. */
export function acpHarness(
  name: string,
  version: string,
  argv: readonly [string, ...string[]],
): ConfiguredHarness {
  return {
    name,
    version,
    adapter: "acp",
    argv,
    environment: {},
    timeoutMs: TURN_MS,
    silenceMs: SILENCE_MS,
  };
}
