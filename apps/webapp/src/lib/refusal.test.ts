import { ConvexError } from "convex/values";
import { expect, test } from "vitest";
import { refusalOf, sentenceOf } from "#lib/refusal.ts";

test("a refusal is told in the backend's words, with the command that helps", () => {
  const error = new ConvexError({
    kind: "not_found",
    message: "There is no such room.",
    hint: "muster room list",
  });
  expect(sentenceOf(error)).toBe("There is no such room. In a terminal: muster room list");
});

test("a fault of the server is told without its insides", () => {
  const error = new Error("[CONVEX Q(rooms:get)] [Request ID: 1] Server Error at model/rooms.ts");
  expect(sentenceOf(error)).toBe("Muster could not do that just now. Try again.");
  expect(refusalOf(error)).toBeNull();
});

test("an error with data of another make is not taken for a refusal", () => {
  expect(refusalOf(new ConvexError({ kind: "made_up", message: "x" }))).toBeNull();
  expect(refusalOf(new ConvexError("text"))).toBeNull();
});
