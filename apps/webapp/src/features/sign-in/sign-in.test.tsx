import { fireEvent, render, screen } from "@testing-library/react";
import { ConvexError } from "convex/values";
import { expect, test, vi } from "vitest";
import { browserLabel, redeemCode } from "./sign-in.ts";
import type { SignInState } from "./sign-in.ts";
import { SignInPage } from "./sign-in-page.tsx";

const ignore = (): void => {};

async function redeem(answer: Promise<{ secret: string }>) {
  const states: SignInState[] = [];
  const keep = vi.fn<(secret: string) => void>();
  await redeemCode("c0de", { redeem: () => answer, keep, report: (state) => states.push(state) });
  return { states, keep, last: states.at(-1) };
}

test("a good link signs this browser in with a secret of its own", async () => {
  const { states, keep } = await redeem(Promise.resolve({ secret: "s3cret" }));
  expect(keep).toHaveBeenCalledWith("s3cret");
  expect(states[0]).toEqual({ step: "redeeming" });
});

test("an expired link ends in one sentence and keeps nothing", async () => {
  const expired = new ConvexError({ kind: "expired", message: "This code is no good." });
  const { keep, last } = await redeem(Promise.reject(expired));
  expect(keep).not.toHaveBeenCalled();
  expect(last).toMatchObject({ step: "failed", retry: null });
  expect(last).toHaveProperty("sentence", expect.stringMatching(/^[^.]*ten minutes old\.$/u));
});

test("a link that never reached the backend may be tried again", async () => {
  const { last } = await redeem(Promise.reject(new TypeError("fetch failed")));
  expect(last).toMatchObject({ step: "failed", retry: "c0de" });
});

test("the signed-out page says how to get a fresh link", () => {
  render(<SignInPage state={{ step: "signed_out" }} onRetry={ignore} />);
  expect(screen.getByText("muster open")).toBeTruthy();
});

test("the page says what was wrong with the link and still how to get another", () => {
  const state: SignInState = { step: "failed", sentence: "This link is used up.", retry: null };
  render(<SignInPage state={state} onRetry={ignore} />);
  expect(screen.getByRole("alert").textContent).toBe("This link is used up.");
  expect(screen.getByText("muster open")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /try/iu })).toBeNull();
});

test("trying again uses the same code", () => {
  const onRetry = vi.fn<(code: string) => void>();
  render(
    <SignInPage state={{ step: "failed", sentence: "No.", retry: "c0de" }} onRetry={onRetry} />,
  );
  fireEvent.click(screen.getByRole("button", { name: "Try this link again" }));
  expect(onRetry).toHaveBeenCalledWith("c0de");
});

test("the credential is called after browser and system", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
  expect(browserLabel(chrome)).toBe("Chrome on Linux");
  expect(browserLabel("something else")).toBe("Browser");
});
