import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { amountOf, seedOf } from "../../../scripts/amount.mjs";
import { FIXTURE, open, query, temporaryDirectory } from "./engine.ts";
import { ReplayedDisk } from "./power-loss-replay.ts";
import { STRACE, type Step, stepsOf } from "./power-loss-trace.ts";
import { verdictOn } from "./power-loss-verdict.ts";
import { seeded } from "./seeded.ts";

const SEED = seedOf(process.env);
const STATES = amountOf("MUSTER_STATES", process.env["MUSTER_STATES"], 2_000);
const BATCHES = 60;
const WRITER = join(import.meta.dirname, "fixtures", "power-loss-writer.ts");

/** Why a trace cannot be taken here, or undefined. */
function hindrance(): string | undefined {
  const { status, error, stderr } = spawnSync("strace", ["-e", "trace=none", "true"]);
  if (error !== undefined) return `strace is not installed (${error.message})`;
  return status === 0 ? undefined : `strace may not trace here: ${stderr.toString().trim()}`;
}

/** The system calls of a process that writes numbered things and dies. */
async function traceOf(pragmas: string): Promise<Step[]> {
  const root = temporaryDirectory();
  const data = join(root, "data");
  const trace = join(root, "trace");
  const args = [...STRACE, "-o", trace, process.execPath, "--no-warnings", WRITER];
  const child = spawn("strace", [...args, FIXTURE, data, pragmas, String(BATCHES)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await once(child, "exit");
  return [...stepsOf(readFileSync(trace, "latin1").split("\n"), data)];
}

interface Loss {
  /** States that lack something acknowledged. */
  readonly lost: number;
  /** States that hold something not acknowledged yet. */
  readonly early: number;
  readonly faults: readonly string[];
}

/** Cuts the power `count` times at random moments of the trace, and looks at what is left. */
function cutPower(steps: readonly Step[], count: number): Loss {
  const random = seeded(SEED);
  const moments = Array.from({ length: count }, () => Math.floor(random() * steps.length));
  const directory = temporaryDirectory();
  const disk = new ReplayedDisk();
  const faults: string[] = [];
  let taken = 0;
  let lost = 0;
  let early = 0;
  for (const moment of moments.toSorted((one, other) => one - other)) {
    for (; taken < moment; taken += 1) disk.take(steps[taken] as Step);
    layOut(directory, disk.state(random));
    const { numbers, wrong } = leftIn(directory);
    faults.push(...wrong.map((fault) => `after ${moment} steps: ${fault}`));
    if (numbers.length < disk.acknowledged) lost += 1;
    if (numbers.length > disk.acknowledged) early += 1;
  }
  return { lost, early, faults };
}

function layOut(directory: string, state: ReadonlyMap<string, Buffer>): void {
  for (const name of readdirSync(directory)) rmSync(join(directory, name));
  for (const [name, bytes] of state) writeFileSync(join(directory, name), bytes);
}

function leftIn(directory: string): { numbers: readonly number[]; wrong: readonly string[] } {
  // Until the database has its name it is made anew, and nobody was promised anything.
  if (!existsSync(join(directory, "data.sqlite"))) return { numbers: [], wrong: [] };
  const { numbers, answered, faults } = verdictOn(directory);
  const isWhole = numbers.every((number, at) => number === at + 1 && answered[at] === number);
  if (isWhole && answered.length === numbers.length) return { numbers, wrong: faults };
  return { numbers, wrong: [...faults, `${numbers.join()} answered ${answered.join()}`] };
}

const reason = hindrance();
if (reason !== undefined) {
  console.warn(`Not proven here: what power cuts and failing syncs leave, because ${reason}.`);
}

test.skipIf(reason !== undefined)(
  `a power cut between any two system calls of a writer takes nothing acknowledged (seed ${SEED})`,
  async () => {
    const steps = await traceOf("PRAGMA wal_autocheckpoint = 60");
    const syncs = steps.filter(({ kind }) => kind === "sync").length;
    const { lost, early, faults } = cutPower(steps, STATES);
    console.log(`${STATES} states of ${steps.length} steps with ${syncs} syncs: ${early} early`);
    expect({ lost, faults }).toEqual({ lost: 0, faults: [] });
    expect(early).toBeGreaterThan(0);
  },
);

test.skipIf(reason !== undefined)(
  "the same writer with synchronous = NORMAL loses what it acknowledged",
  async () => {
    const steps = await traceOf("PRAGMA wal_autocheckpoint = 60; PRAGMA synchronous = NORMAL");
    const { lost, faults } = cutPower(steps, 200);
    console.log(`200 states: ${lost} lost something acknowledged`);
    expect(faults).toEqual([]);
    expect(lost).toBeGreaterThan(20);
  },
);

test.skipIf(reason !== undefined)(
  "a disk whose syncs fail gets no acknowledgement out of the engine, and what was acknowledged before stands",
  async () => {
    const data = join(temporaryDirectory(), "data");
    const fault = [
      "-e",
      "trace=fsync,fdatasync",
      "-e",
      "inject=fsync,fdatasync:error=EIO:when=40+",
    ];
    const args = ["-f", "-o", "/dev/null", ...fault, process.execPath, "--no-warnings", WRITER];
    const child = spawn("strace", [...args, FIXTURE, data, "PRAGMA synchronous", "60"]);
    let printed = "";
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await once(child, "close");
    const acknowledged = printed.trim().split("\n").map(Number);
    expect(said).toContain("The store could not commit; nothing of this was kept.");
    const engine = await open({ data });
    const numbers = query(engine, "things:ordered") as number[];
    expect(acknowledged.length).toBeGreaterThan(3);
    expect(numbers.slice(0, acknowledged.length)).toEqual(acknowledged);
  },
);
