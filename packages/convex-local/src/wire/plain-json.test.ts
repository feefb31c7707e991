import { convexToJson } from "convex/values";
import { expect, test } from "vitest";
import { plainJson } from "./plain-json.ts";

test("plain JSON names what JSON cannot hold and leaves the rest alone", () => {
  const value = convexToJson({
    count: 9007199254740993n,
    rate: Number.NaN,
    zero: -0,
    bytes: new Uint8Array([1, 2, 3]).buffer,
    names: ["ada", "linus"],
    none: null,
  });
  expect(plainJson(value)).toEqual({
    count: "9007199254740993",
    rate: "NaN",
    zero: "-0",
    bytes: "AQID",
    names: ["ada", "linus"],
    none: null,
  });
});
