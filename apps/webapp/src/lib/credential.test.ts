import { expect, test, vi } from "vitest";
import {
  forgetCredential,
  readCredential,
  storeCredential,
  subscribeCredential,
} from "#lib/credential.ts";

test("a credential is bound to the backend that gave it", () => {
  storeCredential("s3cret");
  expect(readCredential()).toEqual({ backend: location.origin, secret: "s3cret" });
});

test("a credential of another backend is not used", () => {
  localStorage.setItem(
    "muster.credential",
    JSON.stringify({ backend: "http://evil.example", secret: "s3cret" }),
  );
  expect(readCredential()).toBeNull();
});

test.each(["{", "null", '"text"', "{}", '{"backend":"x","secret":7}'])(
  "what is no credential counts as none: %s",
  (text) => {
    localStorage.setItem("muster.credential", text);
    expect(readCredential()).toBeNull();
  },
);

test("the same credential is the same object, so that the page signs in once", () => {
  storeCredential("s3cret");
  expect(readCredential()).toBe(readCredential());
});

test("signing in and out is told to the page", () => {
  const told = vi.fn<() => void>();
  const stop = subscribeCredential(told);
  storeCredential("s3cret");
  forgetCredential();
  stop();
  storeCredential("again");
  expect(told).toHaveBeenCalledTimes(2);
});
