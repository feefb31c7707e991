import { join } from "node:path";
import { makeFunctionReference } from "convex/server";
import { convexToJson, jsonToConvex, type Value } from "convex/values";
import { convexTest } from "convex-test";
import type { Engine, Outcome } from "../../src/engine/engine.ts";
import { call } from "../engine.ts";
import schema from "../fixtures/differential/schema.ts";
import * as steps from "../fixtures/differential/steps.ts";

export const DIFFERENTIAL = join(import.meta.dirname, "..", "fixtures", "differential");

/** A runtime that runs the same functions. Rejects when a function fails. */
export interface Side {
  readonly name: string;
  /** Whether filters are left to the SDK's order of values, because this runtime's own are known to be wrong. */
  readonly decides: boolean;
  mutation(path: string, args: Record<string, Value>): Promise<Value>;
  query(path: string, args: Record<string, Value>): Promise<Value>;
}

function valueOf(outcome: Outcome): Value {
  if (!outcome.success) throw new Error(outcome.errorMessage);
  return jsonToConvex(outcome.value);
}

export function convexLocal(engine: Engine): Side {
  return {
    name: "convex-local",
    decides: false,
    mutation: async (path, args) => valueOf(await engine.mutation(call(path, convexToJson(args)))),
    query: async (path, args) => valueOf(engine.query(call(path, convexToJson(args)))),
  };
}

export function reference(): Side {
  const fake = convexTest(schema, {
    "./_generated/api.ts": async () => ({}),
    "./steps.ts": async () => steps,
  });
  return {
    name: "convex-test",
    decides: true,
    mutation: async (path, args) =>
      (await fake.mutation(makeFunctionReference<"mutation">(path), args as never)) as Value,
    query: async (path, args) =>
      (await fake.query(makeFunctionReference<"query">(path), args as never)) as Value,
  };
}
