import vm from "node:vm";
import type { AuthProvider } from "convex/server";
import type { JSONValue } from "convex/values";
import type { Bundle } from "../bundle/bundle.ts";
import { brokenModule } from "../bundle/broken.ts";
import { StackMap } from "../bundle/stack.ts";
import {
  type AnalyzedFunction,
  functionsOf,
  type Modules,
  type RealmAnalysis,
} from "../realm/analysis.ts";
import { Randomness } from "../realm/randomness.ts";
import { Realm, type RealmRun } from "../realm/realm.ts";
import type { ValidatorJson } from "../values/validator.ts";
import type { ActionModules } from "./action-modules.ts";
import type { Clock, RandomSource } from "./clock.ts";
import type { CronSpec } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { timetableOf } from "./timetable.ts";

const REALM_FILE = "convex-local:functions.js";
/** Milliseconds that the modules may take to be imported, unless nothing is bounded. */
const LOAD_TIMEOUT = 10_000;

export interface FunctionDefinition {
  readonly path: string;
  readonly module: string;
  readonly export: string;
  readonly kind: "query" | "mutation" | "action";
  readonly visibility: "public" | "internal";
  readonly args: ValidatorJson;
  readonly returns: ValidatorJson | null;
}

/** `rooms:list` for each of the ways in which that function may be named (`rooms.js:list`, `mod` for `mod:default`). */
export function canonicalPath(path: string): string {
  const [module = "", name = "default", more] = path.split(":", 3);
  // A path of any length must not be one more name for a function: what is kept by path would grow without end.
  if (more !== undefined) return path;
  return `${module.replace(/\.[jt]sx?$/, "")}:${name}`;
}

/** One loaded state of the functions folder: what it defines, and the realms that run it. */
export class Functions {
  readonly actions: ActionModules;
  readonly stacks: StackMap;
  /** `schema.ts` as the SDK exports it, or null without one. */
  readonly schema: string | null;
  readonly crons: readonly CronSpec[];
  readonly authProviders: readonly AuthProvider[];
  readonly #definitions: ReadonlyMap<string, FunctionDefinition>;
  readonly #script: vm.Script;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #loading: RealmRun;
  readonly #loadTimeout: number | undefined;
  /** One per depth of nested calls, because a realm runs one function at a time. */
  readonly #realms: Realm[] = [];

  /** Throws `functions_broken` if a module throws while it is imported, or defines what cannot be. */
  constructor(
    bundle: Bundle,
    actions: ActionModules,
    environment: Readonly<Record<string, string>>,
    sources: { readonly clock: Clock; readonly random: RandomSource; readonly timeout: number },
  ) {
    this.actions = actions;
    this.stacks = new StackMap(bundle.realm, REALM_FILE);
    this.#environment = environment;
    this.#script = new vm.Script(bundle.realm.code, { filename: REALM_FILE });
    this.#loading = loadingRun(sources);
    this.#loadTimeout = sources.timeout === Infinity ? undefined : LOAD_TIMEOUT;
    const analysis = this.#analyze();
    const nodeModules = bundle.modules.filter((module) => module.usesNode).map(({ name }) => name);
    this.#definitions = definitions([
      ...analysis.functions,
      ...nodeFunctions(actions.modules, nodeModules),
    ]);
    this.schema = analysis.schema;
    this.crons = cronsOf(analysis.crons);
    this.authProviders = providersOf(analysis.auth);
  }

  find(path: string): FunctionDefinition | undefined {
    return this.#definitions.get(canonicalPath(path));
  }

  all(): Iterable<FunctionDefinition> {
    return this.#definitions.values();
  }

  /** A realm for a function at this depth of nesting. */
  realm(depth: number): Realm {
    const present = this.#realms[depth];
    if (present?.isUsable) return present;
    const realm = new Realm(this.#script, this.#environment, this.#loading, this.#loadTimeout);
    this.#realms[depth] = realm;
    return realm;
  }

  #analyze(): RealmAnalysis {
    try {
      return this.realm(0).analyze(this.#loading);
    } catch (cause) {
      throw brokenModule(cause, this.stacks);
    }
  }
}

/** Modules may log, read the clock and draw random numbers while they are imported; they have no database then. */
function loadingRun({ clock, random }: { clock: Clock; random: RandomSource }): RealmRun {
  const randomness = new Randomness(() => random.bytes(32));
  return {
    syscall: () =>
      `-${JSON.stringify({ message: "The database is not available while a module is loaded." })}`,
    log: () => {},
    now: () => clock.now(),
    random: () => randomness.number(),
    randomBytes: (length) => randomness.bytes(length),
  };
}

function nodeFunctions(modules: Modules, names: readonly string[]): AnalyzedFunction[] {
  return names.flatMap((name) => {
    const found = functionsOf(name, modules[name] ?? {});
    const wrong = found.find(({ kind }) => kind !== "action");
    if (wrong === undefined) return found;
    throw new EngineError(
      "functions_broken",
      `${name}:${wrong.export} is a ${wrong.kind}, but its module says "use node": only actions can run there.`,
    );
  });
}

function definitions(functions: readonly AnalyzedFunction[]): Map<string, FunctionDefinition> {
  return new Map(
    functions.map((analyzed) => {
      const path = `${analyzed.module}:${analyzed.export}`;
      const args = JSON.parse(analyzed.args) as ValidatorJson;
      const returns = JSON.parse(analyzed.returns) as ValidatorJson | null;
      return [path, { ...analyzed, path, args, returns }];
    }),
  );
}

function cronsOf(exported: string | null): CronSpec[] {
  type Exported = { name: string; args: [JSONValue]; schedule: CronSpec["schedule"] };
  const crons = JSON.parse(exported ?? "{}") as Record<string, Exported>;
  for (const [name, { schedule }] of Object.entries(crons)) refuseSchedule(name, schedule);
  return Object.entries(crons).map(([name, cron]) => ({
    name,
    path: canonicalPath(cron.name),
    args: cron.args[0],
    schedule: cron.schedule,
  }));
}

function refuseSchedule(name: string, schedule: CronSpec["schedule"]): void {
  try {
    timetableOf(schedule);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new EngineError("functions_broken", `The cron "${name}" cannot run: ${reason}`, {
      cause,
    });
  }
}

/** A provider whose variables are not set yet is left out: no token can name it. */
function providersOf(exported: string | null): AuthProvider[] {
  const { providers = [] } = JSON.parse(exported ?? "{}") as { providers?: AuthProvider[] };
  return providers.filter((provider) =>
    "type" in provider
      ? Boolean(provider.issuer && provider.jwks)
      : Boolean(provider.domain && provider.applicationID),
  );
}
