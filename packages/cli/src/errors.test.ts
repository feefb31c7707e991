import { WIRE_ERROR_KINDS } from "@muster/core";
import { ConvexError } from "convex/values";
import { expect, test } from "vitest";
import { CliError, EXIT, fromBackend, isUnreachable } from "./errors.ts";

const url = "http://127.0.0.1:3210";

test("every kind that the backend answers has an exit code of its own meaning", () => {
  const exits = WIRE_ERROR_KINDS.map((kind) => [kind, new CliError(kind, "").exit]);
  expect(Object.fromEntries(exits)).toEqual({
    not_found: 3,
    not_signed_in: 4,
    expired: 4,
    not_allowed: 5,
    illegal_transition: 6,
    stale_claim: 6,
    superseded: 6,
    rejoin_required: 6,
    stopped: 6,
    archived: 6,
    conflict: 6,
    invalid: 2,
    too_large: 8,
    limit: 8,
  });
});

test("a refusal of the backend keeps its kind, sentence and hint", () => {
  const thrown = new ConvexError({ kind: "not_found", message: "No room.", hint: "Look." });
  expect(fromBackend(thrown, url)).toMatchObject({
    kind: "not_found",
    message: "No room.",
    hint: "Look.",
    exit: 3,
  });
});

test.each([
  ["a refused connection", new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } })],
  ["a reply that took too long", new DOMException("late", "TimeoutError")],
  ["a backend that is still starting", new Error('{"code":"NotReady","message":"Wait."}')],
  ["a backend whose disk fails", new Error('{"code":"InternalServerError","message":"No."}')],
])("%s is an unreachable backend", (_name, thrown) => {
  expect(isUnreachable(thrown)).toBe(true);
  expect(fromBackend(thrown, url)).toMatchObject({
    exit: EXIT.unreachable,
    message: `No Muster backend answers at ${url}.`,
  });
});

test("a token that is not accepted means: not signed in", () => {
  const thrown = new Error('{"code":"Unauthenticated","message":"Could not verify."}');
  expect(fromBackend(thrown, url).exit).toBe(EXIT.notSignedIn);
});

test("an error that nobody foresaw is unexpected, in its first line", () => {
  expect(fromBackend(new Error("boom\n  at x"), url)).toMatchObject({ exit: 1, message: "boom" });
});
