import { type Clock, type RandomSource, soonBy } from "../engine/clock.ts";
import { Randomness } from "../realm/randomness.ts";

type Fetch = typeof globalThis.fetch;

/** What actions find instead of the host's timers, randomness and network. Crypto is that of the simulation. */
export function simulatedGlobals(parts: {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly crypto: Crypto;
  readonly fetch: Fetch;
}): Readonly<Record<string, unknown>> {
  const { clock, random, crypto, fetch } = parts;
  return {
    ...timersOf(clock),
    AbortSignal: abortSignalOf(clock),
    Math: mathOf(new Randomness(() => random.bytes(32))),
    performance: performanceOf(clock),
    crypto,
    fetch,
  };
}

/** Fits what Node's own timers answer, as far as it is used. */
class Timer {
  cancel: () => void = () => {};

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.dispose](): void {
    this.cancel();
  }
}

type Run = (...given: unknown[]) => void;

function clear(timer: unknown): void {
  if (timer instanceof Timer) timer.cancel();
}

function timersOf(clock: Clock) {
  const setTimeout = (run: Run, ms = 0, ...given: unknown[]) => {
    const timer = new Timer();
    timer.cancel = clock.after(atLeastOne(ms), () => run(...given));
    return timer;
  };
  const setInterval = (run: Run, ms = 0, ...given: unknown[]) => {
    const timer = new Timer();
    const arm = () => {
      timer.cancel = clock.after(atLeastOne(ms), () => {
        arm();
        run(...given);
      });
    };
    arm();
    return timer;
  };
  const setImmediate = (run: Run, ...given: unknown[]) => {
    const timer = new Timer();
    let isCancelled = false;
    timer.cancel = () => {
      isCancelled = true;
    };
    soonBy(clock)(() => {
      if (!isCancelled) run(...given);
    });
    return timer;
  };
  const [clearTimeout, clearInterval, clearImmediate] = [clear, clear, clear];
  return { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate };
}

/** As Node reads a delay, in whole milliseconds: a clock shows no others. */
function atLeastOne(ms: unknown): number {
  const delay = Math.trunc(Number(ms));
  return delay >= 1 ? delay : 1;
}

function abortSignalOf(clock: Clock): typeof AbortSignal {
  const timeout = (ms: number) => {
    const controller = new AbortController();
    const reason = new DOMException("The operation was aborted due to timeout", "TimeoutError");
    clock.after(ms, () => controller.abort(reason));
    return controller.signal;
  };
  return new Proxy(AbortSignal, {
    get: (target, name) => (name === "timeout" ? timeout : Reflect.get(target, name)),
  });
}

function mathOf(randomness: Randomness): Math {
  return Object.create(Math, { random: { value: () => randomness.number() } }) as Math;
}

function performanceOf(clock: Clock): Performance {
  const timeOrigin = clock.now();
  return Object.create(performance, {
    now: { value: () => clock.now() - timeOrigin },
    timeOrigin: { value: timeOrigin },
  }) as Performance;
}
