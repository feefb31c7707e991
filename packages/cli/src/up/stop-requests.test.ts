import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { stopRequests } from "./stop-requests.ts";

/** Which of the two requests were made after signals at these times (ms). */
async function after(...times: readonly number[]): Promise<string[]> {
  const source = new EventEmitter();
  let now = 0;
  const requests = stopRequests(source, () => now);
  const made: string[] = [];
  void requests.asked.then(() => made.push("asked"));
  void requests.forced.then(() => made.push("forced"));
  for (const time of times) {
    now = time;
    source.emit("SIGINT");
  }
  await Promise.resolve();
  return made;
}

test("the same Ctrl-C that arrives twice asks once; a later one forces", async () => {
  expect(await after()).toEqual([]);
  expect(await after(10)).toEqual(["asked"]);
  expect(await after(10, 12, 900)).toEqual(["asked"]);
  expect(await after(10, 1_010)).toEqual(["asked", "forced"]);
});
