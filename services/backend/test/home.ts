import type {
  FunctionArgs,
  FunctionReference,
  FunctionReturnType,
  FunctionVisibility,
} from "convex/server";

type Call<Kind extends "query" | "mutation" | "action"> = <
  Fn extends FunctionReference<Kind, FunctionVisibility>,
>(
  fn: Fn,
  args: FunctionArgs<Fn>,
) => Promise<FunctionReturnType<Fn>>;

/** Somebody who calls functions: a principal, nobody, or the deployment's admin. */
export type Caller = {
  readonly query: Call<"query">;
  readonly mutation: Call<"mutation">;
  readonly action: Call<"action">;
};

/**
 * A running backend as a scenario sees it, so that the same scenario runs on every home. Time passes by
 * `advance` alone: deadlines within it are met in their order, the clean-up cron included.
 */
export type Home = {
  readonly nobody: Caller;
  /** May call internal functions. */
  readonly admin: Caller;
  /** The caller that a token of `auth.exchange` makes. */
  readonly withToken: (token: string) => Caller;
  readonly advance: (ms: number) => Promise<void>;
  /** The backend is not there for this long; its schedule waits until it is back. */
  readonly beAway: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type Scenario = (home: Home) => Promise<void>;
/** Scenarios by title; each starts on a home of its own. */
export type Scenarios = Record<string, Scenario>;
