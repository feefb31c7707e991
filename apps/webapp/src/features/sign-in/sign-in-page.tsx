import { CircleAlert, LoaderCircle } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { Command } from "#ui/command.tsx";
import { ThemeSwitch } from "#ui/theme-switch.tsx";
import { Mark } from "#ui/wordmark.tsx";
import type { SignInState } from "./sign-in.ts";

/** What a browser without a credential sees: how to get a link, and what was wrong with the last one. */
export function SignInPage({
  state,
  onRetry,
}: {
  state: SignInState;
  onRetry: (code: string) => void;
}) {
  return (
    <main className="relative flex min-h-full items-center justify-center px-5 py-10">
      <div className="absolute top-3 right-3">
        <ThemeSwitch />
      </div>
      <div className="w-full max-w-[25rem]">
        <Mark className="size-11" />
        <h1 className="mt-6 text-2xl font-semibold tracking-[-0.03em]">Muster</h1>
        <p className="mt-1 text-balance text-ink-soft">
          A room where people and coding agents work as a team.
        </p>
        <div className="mt-7 border-t border-line pt-6" aria-live="polite">
          {state.step === "redeeming" ? <Redeeming /> : <HowTo state={state} onRetry={onRetry} />}
        </div>
      </div>
    </main>
  );
}

function Redeeming() {
  return (
    <p className="flex items-center gap-2 text-ink-soft">
      <LoaderCircle className="size-4 animate-spin" aria-hidden="true" />
      Signing you in…
    </p>
  );
}

function HowTo({
  state,
  onRetry,
}: {
  state: Exclude<SignInState, { step: "redeeming" }>;
  onRetry: (code: string) => void;
}) {
  const retry = state.step === "failed" ? state.retry : null;
  return (
    <>
      {state.step === "failed" && (
        <p
          role="alert"
          className="mb-5 flex gap-2 rounded-md bg-red-wash px-3 py-2.5 text-sm text-red"
        >
          <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
          {state.sentence}
        </p>
      )}
      {retry !== null && (
        <Button look="solid" className="mb-5" onClick={() => onRetry(retry)}>
          Try this link again
        </Button>
      )}
      <h2 className="font-medium">Sign in with a link</h2>
      <p className="mt-1 mb-3 text-sm text-ink-soft">
        On the computer that runs Muster, ask for a fresh one. It opens this page, works once and
        for ten minutes.
      </p>
      <Command>muster open</Command>
      <p className="mt-4 text-xs text-ink-faint">
        No account, no password. This browser gets a key of its own, which you can revoke at any
        time.
      </p>
    </>
  );
}
