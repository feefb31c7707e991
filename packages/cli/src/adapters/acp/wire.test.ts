import { expect, test } from "vitest";
import { Sieve } from "./wire.ts";

/** What passes of an output that arrives in chunks of this size, and what was said of it. */
function pass(output: string, size: number): { passed: string; bad: string[] } {
  const bad: string[] = [];
  const sieve = new Sieve({ onBad: (reason) => bad.push(reason) });
  const bytes = Buffer.from(output);
  const passed: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += size) {
    passed.push(...sieve.pass(bytes.subarray(from, from + size)));
  }
  return { passed: Buffer.concat(passed).toString(), bad };
}

const OUTPUT = 'Welcome!\n\n  {"a":"ä\\n{"}\r\n\t[1]\n{"b":2}\nlast {line} without an end';

test.each([1, 2, 3, 7, 1_000])(
  "only lines that begin as an object pass, in whatever pieces of %i bytes they arrive",
  (size) => {
    expect(pass(OUTPUT, size)).toEqual({ passed: '{"a":"ä\\n{"}\r\n{"b":2}\n', bad: [] });
  },
);

test("a program that speaks nothing but nonsense is reported once", () => {
  expect(pass("nonsense\n".repeat(10_000), 4_096)).toEqual({
    passed: "",
    bad: ["does not speak the Agent Client Protocol on its output"],
  });
});

test("a program that writes without end is reported, and a new turn begins anew", () => {
  const bad: string[] = [];
  const sieve = new Sieve({ onBad: (reason) => bad.push(reason) });
  const chunk = Buffer.alloc(64 * 1024 * 1024, "{");
  const write = (times: number) => {
    for (let time = 0; time < times; time += 1) expect([...sieve.pass(chunk)]).toHaveLength(1);
  };

  write(8);
  sieve.newTurn();
  write(8);
  expect(bad).toEqual([]);

  write(1);
  expect(bad).toEqual(["writes without end"]);
});
