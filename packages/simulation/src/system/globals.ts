import { current, currentOrNone } from "../machine/current.ts";
import { SimulatedWebSocket } from "../network/socket.ts";
import type { Signal } from "../machine/process.ts";
import * as timers from "./timers.ts";
import { uuid } from "./crypto.ts";

// The globals that a product's module sees instead of Node's: what they do belongs to the process that runs it.

const RealDate = Date;

class SimulatedDate extends RealDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(SimulatedDate.now());
    else super(...(given as [number]));
  }

  static override now(): number {
    const process = currentOrNone();
    return process === undefined ? RealDate.now() : Math.floor(process.host.wallTime);
  }
}

const SimulatedMath = Object.create(
  null,
  Object.getOwnPropertyDescriptors(Math),
) as typeof globalThis.Math;
Object.defineProperty(SimulatedMath, "random", {
  value: () => currentOrNone()?.host.random.next() ?? 0.5,
});

const SimulatedPerformance = {
  now: () => currentOrNone()?.host.monotonicTime ?? 0,
  mark: (name: string) => ({ name }),
  measure: () => ({}),
  getEntriesByName: () => [],
};

const SimulatedAbortSignal: Pick<typeof AbortSignal, "any" | "timeout"> = {
  any: (signals: AbortSignal[]) => AbortSignal.any(signals),
  timeout: (ms: number) => {
    const late = new AbortController();
    timers.setTimeout(
      () => late.abort(new DOMException("The operation took too long.", "TimeoutError")),
      ms,
    );
    return late.signal;
  },
};

interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | null;
}

async function simulatedFetch(input: string | URL, init: FetchInit = {}): Promise<object> {
  const process = current();
  const { pathname, search } = new URL(input);
  const { method = "GET", headers = {}, body = "", signal } = init;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal?.reason as Error);
  if (signal?.aborted === true) abort();
  signal?.addEventListener("abort", abort);
  try {
    const request = { method, path: `${pathname}${search}`, headers, body };
    const reply = await Promise.race([process.host.link.request(process, request), promise]);
    const { status } = reply;
    return {
      status,
      ok: status >= 200 && status < 300,
      headers: new Headers(),
      text: async () => await Promise.resolve(reply.body),
      json: async () => await Promise.resolve(JSON.parse(reply.body) as unknown),
    };
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

const never: Promise<never> = new Promise(() => {});

/** `process` as a simulated program sees it. */
const simulatedProcess = {
  platform: "linux",
  execPath: "/usr/bin/node",
  versions: process.versions,
  argv: ["/usr/bin/node", "muster"],
  exitCode: undefined as number | undefined,
  get pid() {
    return currentOrNone()?.pid ?? process.pid;
  },
  get ppid() {
    return current().parent?.pid ?? 1;
  },
  get env() {
    return currentOrNone()?.env ?? {};
  },
  get connected() {
    return current().isConnected;
  },
  cwd: () => currentOrNone()?.start.cwd ?? "/",
  on: (event: string, listener: (...args: unknown[]) => void) =>
    current().events.on(event, listener),
  once: (event: string, listener: (...args: unknown[]) => void) =>
    current().events.once(event, listener),
  off: (event: string, listener: (...args: unknown[]) => void) =>
    current().events.off(event, listener),
  send: (message: unknown) => current().say(message),
  kill: (target: number, signal: Signal | 0 = "SIGTERM") => {
    const sender = current();
    const { host } = sender;
    const hit = [...host.processes.values()].filter((one) =>
      target < 0 ? one.group === -target : one.pid === target,
    );
    if (hit.length === 0) throw Object.assign(new Error(`kill ESRCH`), { code: "ESRCH" });
    if (signal !== 0) for (const one of hit) one.receive(signal, sender);
    return true;
  },
  exit: () => never,
  nextTick: process.nextTick.bind(process),
};

const simulatedCrypto = { randomUUID: uuid, subtle: crypto.subtle };

export {
  SimulatedAbortSignal as AbortSignal,
  SimulatedDate as Date,
  SimulatedMath as Math,
  SimulatedPerformance as performance,
  SimulatedWebSocket as WebSocket,
  simulatedCrypto as crypto,
  simulatedFetch as fetch,
  simulatedProcess as process,
};
export { clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } from "./timers.ts";
