import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MalformedMessage, readClientMessage } from "./message.ts";

const read = (message: object) => readClientMessage(JSON.stringify(message));

test("missing arguments of a mutation mean an empty object", () => {
  expect(read({ type: "Mutation", requestId: 3, udfPath: "rooms:create", args: [] })).toEqual({
    type: "Mutation",
    requestId: 3,
    path: "rooms:create",
    args: {},
  });
});

test("an admin may act as somebody under either name of the field", () => {
  const base = { type: "Authenticate", baseVersion: 0, tokenType: "Admin", value: "a|b" };
  const actingAs = { subject: "ada" };
  expect(read({ ...base, impersonating: actingAs })).toEqual(
    read({ ...base, acting_as: actingAs }),
  );
});

describe("a message that no client sends is refused", () => {
  test.each([
    ["no object", []],
    ["an unknown type", { type: "Shutdown" }],
    ["a session that is no UUID", { type: "Connect", sessionId: "../../etc", clientTs: 0 }],
    ["a negative version", { type: "Authenticate", baseVersion: -1, tokenType: "None" }],
    ["a fractional request id", { type: "Action", requestId: 0.5, udfPath: "a:b", args: [{}] }],
    ["two arguments", { type: "Mutation", requestId: 0, udfPath: "a:b", args: [{}, {}] }],
    [
      "a component",
      { type: "Action", requestId: 0, udfPath: "a:b", args: [{}], componentPath: "c" },
    ],
  ])("%s", (_, message) => {
    expect(() => read(message)).toThrow(MalformedMessage);
  });

  test("and so is any other JSON, without another kind of error", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => readClientMessage(text)).toThrow(MalformedMessage);
      }),
    );
  });
});
