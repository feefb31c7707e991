import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JSONValue } from "convex/values";
import { onTestFinished } from "vitest";
import { type Bundle, bundle } from "../src/bundle/bundle.ts";
import type { Clock, RandomSource } from "../src/engine/clock.ts";
import type {
  Commit,
  Engine,
  EngineOptions,
  FunctionCall,
  Identity,
  Outcome,
} from "../src/engine/engine.ts";
import { openBundled, openEngine } from "../src/engine/open.ts";
import { ManualClock } from "./manual-clock.ts";

export const FIXTURE = fileURLToPath(new URL("fixtures/functions", import.meta.url));
export const NOON = Date.UTC(2026, 10, 20, 12);

/** A clock that stands until it is moved. Its timers never fire: the engine asks for none. */
export function standingClock(start = NOON): Clock & { time: number } {
  return {
    time: start,
    now() {
      return this.time;
    },
    after: () => () => {},
  };
}

/** Bytes that repeat from run to run. */
export function countingRandom(seed = 1): RandomSource {
  let state = seed;
  return {
    bytes: (length) =>
      Uint8Array.from({ length }, () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return state >>> 16;
      }),
  };
}

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "convex-local-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A copy of the fixture folder beside the original, so that packages resolve, to be changed by a test. */
export function copyOfFixture(): string {
  const parent = mkdtempSync(join(fileURLToPath(new URL("fixtures", import.meta.url)), ".copy-"));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const folder = join(parent, "functions");
  cpSync(FIXTURE, folder, { recursive: true });
  return folder;
}

let fixtureBundle: Promise<Bundle> | undefined;

/** An engine on the fixture folder, in memory unless told otherwise, closed at the end of the test. */
export async function open(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const all = { functions: FIXTURE, data: ":memory:", clock: standingClock(), ...options };
  const engine =
    all.functions === FIXTURE
      ? await openBundled(all, await (fixtureBundle ??= bundle(FIXTURE)))
      : await openEngine(all);
  onTestFinished(() => engine.close());
  return engine;
}

/** The same on a clock that a test advances, on which its functions wait, too. */
export async function openOnManualClock(): Promise<{ clock: ManualClock; engine: Engine }> {
  const clock = new ManualClock();
  const setTimeout = (run: () => void, delay: number) => clock.after(delay, run);
  return { clock, engine: await open({ clock, globals: { setTimeout } }) };
}

export const ada: Identity = {
  kind: "user",
  attributes: {
    subject: "ada",
    issuer: "https://harbor.example",
    tokenIdentifier: "https://harbor.example|ada",
  },
};

export function call(
  path: string,
  args: JSONValue = {},
  rest: Partial<FunctionCall> = {},
): FunctionCall {
  return { path, args, identity: { kind: "none" }, caller: "internal", ...rest };
}

/** The value of a success; a failure is thrown as it stands. */
function value(outcome: Outcome | undefined): JSONValue {
  if (outcome === undefined) throw new Error("There was no outcome.");
  if (!outcome.success) throw new Error(outcome.errorMessage);
  return outcome.value;
}

export const query = (engine: Engine, path: string, args: JSONValue = {}) =>
  value(engine.query(call(path, args)));
export const mutate = async (engine: Engine, path: string, args: JSONValue = {}) =>
  value(await engine.mutation(call(path, args)));

/** Runs a mutation and answers what it committed. */
export async function commitOf(
  engine: Engine,
  path: string,
  args: JSONValue = {},
): Promise<Commit> {
  const commits: Commit[] = [];
  const stop = engine.onCommit((commit) => commits.push(commit));
  await mutate(engine, path, args);
  stop();
  const [commit] = commits;
  if (commit === undefined) throw new Error(`${path} committed nothing.`);
  return commit;
}
