import { Session } from "node:inspector";

const NAME = "convex-local:guarded";
const WORK = Symbol.for(NAME);
const RUN = `globalThis[Symbol.for("${NAME}")]()`;
const scope = globalThis as { [WORK]?: () => void };

/** One for all guards of this thread. Nobody else can reach it: it opens no port. */
let session: Session | undefined;

/**
 * Ends work that takes too long, be it stuck in a loop or in endless microtasks. The inspector keeps the time on a thread that is there
 * anyway, so a guard costs some 15 µs, where the timeout of a `vm` script starts a thread each time, for more than ten times that.
 */
export class Guard {
  /** Milliseconds of wall-clock time; Infinity lets work take as long as it likes, and costs nothing. */
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
    if (this.#isInside || this.timeout === Infinity) return { result: work() };
    let end = undefined as { result: T } | { error: unknown } | undefined;
    let hasBegun = false;
    scope[WORK] = () => {
      hasBegun = true;
      // The inspector would keep what is thrown here alive for a debugger to look at.
      try {
        end = { result: work() };
      } catch (error) {
        end = { error };
      }
    };
    this.#isInside = true;
    runGuarded(this.timeout);
    this.#isInside = false;
    delete scope[WORK];
    if (!hasBegun) throw new Error("The inspector, which guards functions, does not answer.");
    if (end !== undefined && "error" in end) throw end.error;
    return end;
  }
}

/** Returns when the work has ended or was killed: a session in its own thread is synchronous. */
function runGuarded(timeout: number): void {
  if (session === undefined) {
    session = new Session();
    session.connect();
  }
  const request = { expression: RUN, timeout, silent: true, returnByValue: true };
  session.post("Runtime.evaluate", request, () => {});
}
