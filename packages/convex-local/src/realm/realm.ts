import vm from "node:vm";
import type { RealmAnalysis } from "./analysis.ts";
import type { RealmCall, RealmHost, Thrown } from "./host.ts";
import { digest, hmac, verify } from "./webcrypto.ts";

/** What one run in a realm may ask of the engine. */
export interface RealmRun {
  syscall(operation: string, args: string): string;
  log(level: string, parts: readonly unknown[]): void;
  now(): number;
  random(): number;
  randomBytes(length: number): Uint8Array;
}

export type RealmResult =
  | { readonly kind: "returned"; readonly text: string }
  | { readonly kind: "threw"; readonly thrown: Thrown }
  /** The function awaits something that nothing will ever settle. */
  | { readonly kind: "stuck" };

const RUN = new vm.Script("__run()", { filename: "convex-local:run" });

/**
 * One JavaScript world for queries and mutations: the functions of one bundle with Convex's globals. It has microtasks of its own,
 * which are run to their end before `run` returns, so every execution, awaits included, is synchronous and a Guard around it can end it.
 * Not a security boundary: the functions are the operator's own code.
 */
export class Realm {
  readonly #context: vm.Context;
  #run: RealmRun | undefined;
  #call: RealmCall = { kind: "analyze" };
  #settled: { isSuccess: boolean; text: string } | undefined;
  #isUsable = true;

  /** Evaluates the bundle; throws what its modules throw while they are imported, and when they take longer than `timeout` ms. */
  constructor(
    bundle: vm.Script,
    environment: Readonly<Record<string, string>>,
    loading: RealmRun,
    timeout?: number,
  ) {
    // A contextified object would answer for its own prototype on the realm's global: the host's Object, and so the host.
    this.#context = vm.createContext(vm.constants.DONT_CONTEXTIFY, {
      microtaskMode: "afterEvaluate",
    });
    (this.#context as { __host?: RealmHost }).__host = this.#host(JSON.stringify(environment));
    this.#run = loading;
    bundle.runInContext(this.#context, timeout === undefined ? {} : { timeout });
    this.#run = undefined;
  }

  /** False after a run that was killed or got stuck: something of it may still sit in the realm, so the next one needs a fresh one. */
  get isUsable(): boolean {
    return this.#isUsable && this.#run === undefined;
  }

  analyze(run: RealmRun): RealmAnalysis {
    const result = this.run({ kind: "analyze" }, run);
    if (result.kind === "returned") return JSON.parse(result.text) as RealmAnalysis;
    if (result.kind === "threw") {
      throw Object.assign(new Error(result.thrown.message), { stack: result.thrown.stack });
    }
    throw new Error("The modules of the functions folder did not finish loading.");
  }

  /** Throws only what the host itself throws. */
  run(call: RealmCall, run: RealmRun): RealmResult {
    this.#call = call;
    this.#run = run;
    this.#settled = undefined;
    RUN.runInContext(this.#context);
    this.#run = undefined;
    const settled = this.#settled as { isSuccess: boolean; text: string } | undefined;
    if (settled === undefined) {
      this.#isUsable = false;
      return { kind: "stuck" };
    }
    return settled.isSuccess
      ? { kind: "returned", text: settled.text }
      : { kind: "threw", thrown: JSON.parse(settled.text) as Thrown };
  }

  #host(environment: string): RealmHost {
    const current = () => {
      if (this.#run === undefined) throw new Error("A function went on after it had ended.");
      return this.#run;
    };
    return {
      call: () => this.#call,
      environment,
      syscall: (operation, args) => current().syscall(operation, args),
      log: (level, parts) => current().log(level, parts),
      now: () => current().now(),
      random: () => current().random(),
      randomBytes: (length) => current().randomBytes(length),
      settle: (isSuccess, text) => {
        this.#settled = { isSuccess, text };
      },
      utf8: (text) => Buffer.from(text, "utf8"),
      decode: (bytes, encoding, fatal, ignoreBOM) =>
        new TextDecoder(encoding, { fatal, ignoreBOM }).decode(bytes),
      atob,
      btoa,
      url: (text, base) => new URL(text, base),
      urlParameters: (text) => new URLSearchParams(text),
      digest,
      hmac,
      verify,
    };
  }
}
