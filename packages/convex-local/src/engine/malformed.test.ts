import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { seedOf } from "../../../../scripts/amount.mjs";
import { mutate, open, query, temporaryDirectory } from "../../test/engine.ts";
import { seeded } from "../../test/seeded.ts";
import { checkDirectory } from "../upkeep/check.ts";
import type { Engine, Outcome } from "./engine.ts";

const OPERATIONS = ["syscalls.ts", "actions.ts"].flatMap((file) => {
  const text = readFileSync(join(import.meta.dirname, file), "utf8");
  return Array.from(text.matchAll(/case "((?:1\.0|storage)\/[\w/]+)"/g), ([, name = ""]) => name);
});
const FIELDS =
  "id table value query queryId cursor endCursor pageSize maximumRowsRead idString udfType name args ts storageId blob contentType sha256 claims expiresInSeconds transactionLimits functionHandle isSystem".split(
    " ",
  );
const SEED = seedOf(process.env);
const PER_OPERATION = 4;

/** JSON texts that stand for no sensible field, and some that nearly do. */
const JUNK = [
  ...'null 1 -1 0.5 1e400 "" "x" "rooms" "rooms:create" "query" "mutation" true [] {} [[]]'.split(
    " ",
  ),
  '{"$integer":"x"}',
  '{"$bytes":1}',
  '{"$float":"AAAAAAAA8H8="}',
  '{"$undefined":null}',
  '{"$commitTs":null}',
  '{"__proto__":{"a":1},"constructor":1}',
  '"\\ud800"',
  "[".repeat(5_000) + "]".repeat(5_000),
  '{"a":'.repeat(3_000) + "1" + "}".repeat(3_000),
  '{"source":{"type":"FullTableScan","tableName":"rooms","order":"up"},"operators":1}',
  '{"source":{"type":"FullTableScan","tableName":["rooms"],"order":null},"operators":[{"filter":{"$eq":1}},{"limit":"x"}]}',
  '{"source":{"type":"IndexRange","indexName":"rooms.by_id","range":[{"type":"Eq","fieldPath":"_id"}],"order":"asc"},"operators":[]}',
  '{"source":{"type":"IndexRange","indexName":7,"range":{},"order":"asc"}}',
  '{"source":{"type":"Search"}}',
];

function requests(random: () => number): string[] {
  const one = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
  const object = () => {
    const fields = FIELDS.filter(() => random() < 0.5);
    return `{${fields.map((field) => `"${field}":${one(JUNK)}`).join(",")}}`;
  };
  const whole = ["", "{", "null", "[]", '"x"', "{}"];
  return [...whole, ...Array.from({ length: PER_OPERATION }, object)];
}

const callOf = (path: string, operation: string, text: string) =>
  ({ path, args: { operation, text }, identity: { kind: "none" }, caller: "client" }) as const;

const KINDS: readonly ((engine: Engine, operation: string, text: string) => Promise<Outcome>)[] = [
  async (engine, ...asked) => engine.query(callOf("syscalls:inQuery", ...asked)),
  async (engine, ...asked) => await engine.mutation(callOf("syscalls:inMutation", ...asked)),
  async (engine, ...asked) => await engine.action(callOf("syscalls:inAction", ...asked)),
];

test(`requests that make no sense fail their function at most, and leave no trace (seed ${SEED})`, async () => {
  const data = temporaryDirectory();
  const engine = await open({ data });
  const random = seeded(SEED);
  const rejected: string[] = [];
  for (const operation of OPERATIONS) {
    for (const text of requests(random)) {
      for (const [kind, ask] of KINDS.entries()) {
        await ask(engine, operation, text).catch((error: unknown) => {
          rejected.push(`${kind} ${operation} ${text.slice(0, 300)}: ${String(error)}`);
        });
      }
    }
  }
  expect(rejected).toEqual([]);
  await mutate(engine, "rooms:create", { name: "harbor" });
  expect(query(engine, "rooms:names")).toContain("harbor");
  await engine.close();
  expect(checkDirectory(data).problems).toEqual([]);
});

test("what a mutation wrote before such a request is not kept, though it makes as if nothing had happened", async () => {
  const engine = await open();
  const outcome = await engine.mutation(callOf("syscalls:inMutation", "1.0/insert", "null"));
  expect(outcome).toMatchObject({ success: false });
  expect("errorMessage" in outcome && outcome.errorMessage).toMatch(/1\.0\/insert.* is malformed/);
});
