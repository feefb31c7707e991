import { inspect } from "node:util";
import { expect, test } from "vitest";
import { backendLine } from "./backend-line.ts";

const lineOf = (fields: object) => `deadlines:run [INFO] ${inspect(JSON.stringify(fields))}`;

test("what a function writes down for programs is an event of its own in the log", () => {
  const skipped = { event: "tick.skipped", schedule: "j57", reason: "nothing-due", missed: 0 };
  const { event, ...fields } = skipped;
  expect(backendLine(lineOf(skipped))).toEqual([event, { from: "deadlines:run", ...fields }]);
});

test.each(['it said "no"', "it's red", "C:\\harbor", "one\ntwo", '`it\'s` "quoted"'])(
  "its words come through whole: %j",
  (reason) => {
    const [event, fields] = backendLine(lineOf({ event: "delivery.retried", reason }));
    expect([event, fields["reason"]]).toEqual(["delivery.retried", reason]);
  },
);

test.each([
  "messages:send [ERROR] 'it broke'",
  'agents:add [INFO] \'{"no":"event"}\'',
  'agents:add [INFO] \'{"event":"tick.skip',
  "something else",
])("any other line is kept as it is: %s", (line) => {
  expect(backendLine(line)).toEqual(["backend", { line }]);
});
