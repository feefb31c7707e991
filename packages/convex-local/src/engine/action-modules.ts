import { AsyncLocalStorage } from "node:async_hooks";
import { createRequire } from "node:module";
import { join } from "node:path";
import vm from "node:vm";
import type { Script } from "../bundle/bundle.ts";
import { brokenModule } from "../bundle/broken.ts";
import { StackMap } from "../bundle/stack.ts";
import type { Modules } from "../realm/analysis.ts";
import type { Clock } from "./clock.ts";

/** What a running action may ask of the engine. Rejections are DeveloperErrors. */
export interface ActionRun {
  syscall(operation: string, args: string): Promise<string>;
  /** The same for arguments and answers that are no text. */
  jsSyscall(operation: string, args: never): Promise<unknown>;
  log(level: string, parts: readonly unknown[]): void;
}

const LEVELS: Readonly<Record<string, string>> = {
  log: "LOG",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
  debug: "DEBUG",
  trace: "DEBUG",
};
const PARAMETERS = ["module", "require", "Convex", "process", "console", "Date"];
const ACTIONS_FILE = "convex-local:actions.js";

/**
 * The functions folder evaluated natively on the host, for actions and http actions: ordinary promises, timers and network. Which
 * action a call belongs to is known by its asynchronous context.
 */
export class ActionModules {
  readonly modules: Modules;
  readonly stacks: StackMap;
  readonly #running = new AsyncLocalStorage<ActionRun>();

  /** `globals` take the place of the host's own. Throws what a module throws while it is imported. */
  constructor(
    script: Script,
    folder: string,
    environment: Readonly<Record<string, string>>,
    clock: Clock,
    globals: Readonly<Record<string, unknown>>,
  ) {
    this.stacks = new StackMap(script, ACTIONS_FILE);
    const module: { exports: Modules } = { exports: {} };
    const load = vm.compileFunction(script.code, [...PARAMETERS, ...Object.keys(globals)], {
      filename: ACTIONS_FILE,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as (...globals: unknown[]) => void;
    const shadowed = Object.create(process, { env: { value: { ...environment } } }) as object;
    try {
      load(
        module,
        createRequire(join(folder, "index.js")),
        this.#convex(),
        shadowed,
        this.#console(),
        dateOf(clock),
        ...Object.values(globals),
      );
    } catch (cause) {
      throw brokenModule(cause, this.stacks);
    }
    this.modules = module.exports;
  }

  /** Runs `work` as one action: everything it starts reaches this run. */
  within<T>(run: ActionRun, work: () => Promise<T>): Promise<T> {
    return this.#running.run(run, work);
  }

  #convex() {
    return {
      syscall: (operation: string) => {
        throw new Error(`Can't use ${operation} in actions.`);
      },
      asyncSyscall: (operation: string, args: string) => {
        const run = this.#running.getStore();
        if (run === undefined)
          throw new Error(`Can't use ${operation} outside of a Convex function.`);
        return run.syscall(operation, args);
      },
      jsSyscall: (operation: string, args: unknown) => {
        const run = this.#running.getStore();
        if (run === undefined)
          throw new Error(`Can't use ${operation} outside of a Convex function.`);
        return run.jsSyscall(operation, args as never);
      },
    };
  }

  #console() {
    const levels = Object.entries(LEVELS).map(([method, level]) => [
      method,
      (...parts: unknown[]) => this.#running.getStore()?.log(level, parts),
    ]);
    return { ...console, ...(Object.fromEntries(levels) as object) };
  }
}

/** `Date` by the runtime's clock. Dates made by it are ordinary ones. */
function dateOf(clock: Clock): DateConstructor {
  const now = () => clock.now();
  return new Proxy(Date, {
    construct: (target, args: unknown[], self) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, self),
    apply: () => new Date(now()).toString(),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
}
