import { convexToJson, v, type Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { mismatch, type ValidatorJson } from "./validator.ts";

const anId = "the id of harbor";
const isIdOf = (table: string, id: string) => table === "rooms" && id === anId;
const check = (value: Value, validator: object) =>
  mismatch(convexToJson(value), (validator as { json: ValidatorJson }).json, isIdOf);

describe("a validator", () => {
  test.each<[string, Value, object]>([
    ["numbers that JSON cannot write", NaN, v.number()],
    ["64-bit integers", 7n, v.int64()],
    ["bytes", new ArrayBuffer(2), v.bytes()],
    ["an absent optional field", {}, v.object({ name: v.optional(v.string()) })],
    ["one member of a union", "ada", v.union(v.null(), v.literal("ada"))],
    ["an id of its table", anId, v.id("rooms")],
    ["records", { planner: 1, builder: 2 }, v.record(v.string(), v.number())],
    ["anything by any", { deep: [[{}]] }, v.any()],
  ])("accepts %s", (_, value, validator) => expect(check(value, validator)).toBeUndefined());

  test.each<[string, Value, object, RegExp]>([
    ["a float for an integer", 7, v.int64(), /does not match/],
    ["an integer for a float", 7n, v.number(), /does not match/],
    ["bytes for an object", new ArrayBuffer(1), v.object({}), /does not match/],
    ["a missing field", {}, v.object({ name: v.string() }), /missing the required field `name`/],
    ["an extra field", { role: "x" }, v.object({}), /extra field `role`/],
    ["an inherited name for a field", {}, v.object({ toString: v.any() }), /missing .*`toString`/],
    ["an id of another table", "other", v.id("rooms"), /not an id of table `rooms`/],
    [
      "what no member takes",
      1,
      v.union(v.null(), v.string()),
      /v\.union\(v\.null\(\), v\.string\(\)\)/,
    ],
    ["a wrong record key", { a: 1 }, v.record(v.id("rooms"), v.number()), /not an id/],
  ])("refuses %s", (_, value, validator, reason) =>
    expect(check(value, validator)).toMatch(reason),
  );

  test("says where in the value the fault is", () => {
    const validator = v.object({ team: v.array(v.object({ role: v.string() })) });
    expect(check({ team: [{ role: "planner" }, { role: 2 }] }, validator)).toContain(
      "Path: .team[1].role",
    );
  });
});
