import { expect, test } from "vitest";
import { refuseSchemaBeyondLimits } from "./schema-limits.ts";

const many = (count: number) => Array.from({ length: count }, (_, at) => `f${at}`);
const index = (indexDescriptor: string, fields: readonly string[] = ["room"]) => ({
  indexDescriptor,
  fields,
});
const loading =
  (tableName: string, ...indexes: ReturnType<typeof index>[]) =>
  () =>
    refuseSchemaBeyondLimits([{ tableName, indexes }]);

test("a schema at the limits is taken", () => {
  const indexes = many(32).map((name) => index(name, many(16)));
  expect(loading("a".repeat(64), ...indexes)).not.toThrow();
  expect(loading("messages", index("by_reply", ["reply.to", "room"]))).not.toThrow();
});

test.each([
  ["_messages", [], /table "_messages" needs a name/],
  ["two words", [], /needs a name of letters/],
  ["a".repeat(65), [], /needs a name/],
  ["messages", many(33).map((name) => index(name)), /has 33 indexes, and at most 32/],
  ["messages", [index("by_all", many(17))], /index "by_all" of table "messages" has 17 fields/],
  ["messages", [index("by_id")], /has a name that every table uses already/],
  ["messages", [index("1st")], /needs a name/],
  ["messages", [index("by_room", [])], /has no fields/],
  ["messages", [index("by_room", ["room", "room"])], /names a field twice/],
  ["messages", [index("by_time", ["room", "_creationTime"])], /ends every index by itself/],
  ["messages", [index("by_room"), index("by_room")], /two indexes of one name/],
])(
  "a table %s that Convex would refuse is refused with what is wrong (%#)",
  (name, indexes, why) => {
    expect(loading(name, ...indexes)).toThrow(why);
  },
);
