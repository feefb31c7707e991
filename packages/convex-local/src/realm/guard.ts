import vm from "node:vm";

const GUARDED = new vm.Script("work()", { filename: "convex-local:guard" });

/**
 * Ends work that takes too long, be it stuck in a loop or in endless microtasks. Each guard costs a thread of the operating system for
 * its duration (some 100 µs), so work that belongs together shares one.
 */
export class Guard {
  readonly #scope: { work?: () => void } = {};
  readonly #context = vm.createContext(this.#scope);
  /** Milliseconds of wall-clock time. */
  readonly timeout: number;
  #isInside = false;

  constructor(timeout: number) {
    this.timeout = timeout;
  }

  /**
   * Runs `work` and hands its result to the caller, or answers undefined if it was killed. A killed work is left where it stood, its
   * `finally` blocks included; what it held has to be put right by the caller. Within a guard it is the outer one that counts.
   */
  within<T>(work: () => T): { readonly result: T } | undefined {
    if (this.#isInside) return { result: work() };
    let done: { result: T } | undefined;
    this.#scope.work = () => {
      const result = work();
      done = { result };
    };
    this.#isInside = true;
    try {
      GUARDED.runInContext(this.#context, { timeout: this.timeout });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      return undefined;
    } finally {
      this.#isInside = false;
    }
    return done;
  }
}
