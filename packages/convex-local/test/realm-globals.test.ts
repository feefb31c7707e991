import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { call, open, query } from "./engine.ts";

const functions = fileURLToPath(new URL("fixtures/realm-globals", import.meta.url));

const CALLS = "fetch setTimeout setInterval setImmediate clearTimeout clearInterval".split(" ");
const CLASSES = "Request Response Headers FormData File WebSocket XMLHttpRequest".split(" ");

/** Beyond what the language itself defines. A name more or less is a decision, to be made here. */
const OURS = [
  ...CALLS,
  ...CLASSES,
  ..."Blob Convex CryptoKey TextDecoder TextEncoder URL URLSearchParams __modules __run atob btoa".split(
    " ",
  ),
  ..."console crypto performance process queueMicrotask structuredClone".split(" "),
];

/** What V8 gives every realm. Whatever reads the clock or waits is looked at in the tests below. */
const LANGUAGE = Object.freeze(
  "AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape".split(
    " ",
  ),
);

interface Walk {
  readonly names: readonly string[];
  readonly foreign: readonly string[];
  readonly objects: number;
}

test("the globals of a function are the language's and those listed, and nothing of them is the host's", async () => {
  const engine = await open({ functions });
  const { names, foreign, objects } = query(engine, "walk:globals") as unknown as Walk;
  expect(names).toEqual([...LANGUAGE, ...OURS].toSorted());
  expect(foreign).toEqual([]);
  expect(objects).toBeGreaterThan(800);
});

test("nothing of the host is got by calling the globals with whatever they do not expect", async () => {
  const engine = await open({ functions });
  const { foreign, functions: found } = query(engine, "walk:calls") as unknown as {
    foreign: string[];
    functions: number;
  };
  expect(foreign).toEqual([]);
  expect(found).toBeGreaterThan(100);
});

test("the host is out of reach by way of globals, stacks, proxies and what is printed", async () => {
  const engine = await open({ functions });
  const ways = ["constructor", "syscall", "stack", "inspect", "proxy"];
  const reached = ways.map((way) => [way, query(engine, "escape:attempt", { way })]);
  expect(reached).toEqual(ways.map((way) => [way, "nothing"]));
});

/** Its promise and error are Node's own: the one way by which a function can reach the host, which the README names. */
test("an import at run time loads nothing", async () => {
  const engine = await open({ functions });
  const code = "return import('node:fs')";
  expect(query(engine, "escape:importing", { code })).toBe("TypeError");
});

test("what queries and mutations may not use says so, and names the way out", async () => {
  const engine = await open({ functions });
  const uses = [
    ...[...CALLS, ...CLASSES].map((name) => ({ name, how: "call" })),
    ...CLASSES.map((name) => ({ name, how: "new" })),
  ];
  for (const use of uses) {
    const outcome = engine.query(call("escape:forbidden", use));
    const sentence = `Can't use ${use.name}() in queries and mutations. Please consider using an action.`;
    expect(outcome).toMatchObject({
      success: false,
      errorMessage: expect.stringContaining(`Uncaught Error: ${sentence}`) as string,
    });
  }
});

test("keys are neither made nor used for signing that needs chance", async () => {
  const engine = await open({ functions });
  const refused = query(engine, "escape:cryptography") as Record<string, string>;
  for (const [operation, message] of Object.entries(refused)) {
    expect(message).toBe(
      `Can't use ${operation} in queries and mutations. Please consider using an action.`,
    );
  }
  expect(Object.keys(refused)).toHaveLength(10);
});

test("every clock of the language stands still", async () => {
  const engine = await open({ functions });
  const [first, second] = [query(engine, "escape:clocks"), query(engine, "escape:clocks")];
  expect(first).toEqual(second);
  expect(new Set(first as string[]).size).toBe(1);
});
