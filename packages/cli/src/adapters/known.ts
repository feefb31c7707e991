import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";
import { HarnessMissing } from "./adapter.ts";
import { acpHarness, configurationFile, DEMO, readHarnesses } from "./harnesses.ts";
import type { ConfiguredHarness } from "./harnesses.ts";
import { findProgram } from "./path.ts";
import type { Home } from "../home.ts";

/** A program that this machine has, or a known one that it lacks, with the command that mends it. */
export interface FoundHarness {
  readonly name: string;
  readonly version: string;
  readonly problem?: { readonly message: string; readonly command: string };
}

interface KnownProgram {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The oldest version that the contract suite passes. */
  readonly since: readonly [number, number];
  readonly install: string;
  readonly update: string;
}

/** Programs that need no configuration: they are used as soon as they are installed. */
const KNOWN: readonly KnownProgram[] = [
  {
    name: "opencode",
    program: "opencode",
    args: ["acp"],
    since: [1, 18],
    install: "npm install --global opencode-ai",
    update: "opencode upgrade",
  },
];

const VERSION_MS = 10_000;
const run = promisify(execFile);

export interface Surroundings {
  readonly home: Home;
  /** What programs are looked for in, and asked their version with. */
  readonly env: NodeJS.ProcessEnv;
}

/** All that agents of this machine can be run with: our demo, what its owner configured, and the known programs. */
export async function foundHarnesses(around: Surroundings): Promise<FoundHarness[]> {
  const { harnesses } = await readHarnesses(around.home);
  const configured = harnesses.map(({ name, version }) => ({ name, version }));
  const taken = new Set(configured.map(({ name }) => name));
  const known = await Promise.all(
    KNOWN.filter(({ name }) => !taken.has(name)).map(async (one) => await look(one, around.env)),
  );
  return [DEMO, ...configured, ...known];
}

/** A known program as a harness, without asking its version. Null for an unknown name. @throws HarnessMissing */
export async function knownHarness(name: string, path: string): Promise<ConfiguredHarness | null> {
  const known = KNOWN.find((one) => one.name === name);
  if (known === undefined) return null;
  const program = await findProgram(known.program, path).catch((error: unknown) => {
    const { message, command } = missing(known);
    throw new HarnessMissing(`${message}. To install it: ${command}`, { cause: error });
  });
  return acpHarness(name, "unknown", [program, ...known.args]);
}

/** Changes whenever it is time to look for programs again: one came, went or was replaced, or the owner configured one. */
export async function foundFingerprint({ home, env }: Surroundings): Promise<string> {
  const programs = KNOWN.map(async ({ program }) => {
    const file = await findProgram(program, env["PATH"] ?? "").catch(() => null);
    return await marks(file);
  });
  const files = await Promise.all([marks(configurationFile(home)), ...programs]);
  return files.join("\n");
}

async function marks(file: string | null): Promise<string> {
  const stats = file === null ? null : await stat(file).catch(() => null);
  return stats === null ? "" : `${file} ${stats.size} ${stats.mtimeMs}`;
}

async function look(known: KnownProgram, env: NodeJS.ProcessEnv): Promise<FoundHarness> {
  const { name } = known;
  const program = await findProgram(known.program, env["PATH"] ?? "").catch(() => null);
  if (program === null) return { name, version: "none", problem: missing(known) };
  const version = await versionOf(program, env);
  if (version === null) {
    const message = `${name} is installed, but does not tell its version`;
    return { name, version: "unknown", problem: { message, command: `${name} --version` } };
  }
  if (isOlder(version, known.since)) {
    const message = `${name} ${version} is too old: Muster needs ${known.since.join(".")} or newer`;
    return { name, version, problem: { message, command: known.update } };
  }
  return { name, version };
}

function missing({ name, install }: KnownProgram): { message: string; command: string } {
  return { message: `${name} is not installed on this machine`, command: install };
}

async function versionOf(program: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const { PATH, HOME, XDG_CONFIG_HOME, XDG_DATA_HOME } = env;
  const { stdout } = await run(program, ["--version"], {
    timeout: VERSION_MS,
    killSignal: "SIGKILL",
    env: { PATH, HOME, XDG_CONFIG_HOME, XDG_DATA_HOME },
  }).catch(() => ({ stdout: "" }));
  return /\d+\.\d+(?:\.\d+)?/.exec(stdout.slice(0, 1_000))?.[0] ?? null;
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [a = 0, b = 0] = version.split(".").map(Number);
  return a < major || (a === major && b < minor);
}
