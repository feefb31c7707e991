import { expect, test } from "vitest";
import { isWireError, wireError } from "./errors.ts";

test("a refusal that was composed here is recognised on the other side of the wire", () => {
  const refusal = wireError("not_found", "There is no room called harbor.", "muster room list");
  const arrived: unknown = JSON.parse(JSON.stringify(refusal));
  expect(isWireError(arrived)).toBe(true);
  expect(isWireError(wireError("limit", "The room's budget is used up."))).toBe(true);
});

test.each([
  ["nothing", null],
  ["a text", "not_found"],
  ["an unknown kind", { kind: "teapot", message: "short and stout" }],
  ["no sentence", { kind: "not_found" }],
  ["a hint that is no text", { kind: "not_found", message: "Gone.", hint: 3 }],
])("%s is not taken for a refusal", (_, value) => {
  expect(isWireError(value)).toBe(false);
});
