import { readdirSync } from "node:fs";
import path from "node:path";
import { convexTest } from "convex-test";
import type { TestConvex } from "convex-test";
import type { FunctionReference, FunctionVisibility } from "convex/server";
import { decodeJwt } from "jose";
import { vi } from "vitest";
import { internal } from "../convex/_generated/api.js";
import schema from "../convex/schema.ts";
import type { Caller, Home } from "./home.ts";
import { deploymentKeys } from "./keys.ts";

const FOLDER = path.resolve(import.meta.dirname, "../convex");
const CRON_MS = 120_000;

/** Every module of the functions folder by its path, loaded when it is called. */
export const modules: Record<string, () => Promise<unknown>> = Object.fromEntries(
  readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.[jt]s$/.test(file) && !/\.(test|d)\.ts$/.test(file))
    .map((file) => [`../convex/${file}`, () => import(path.join(FOLDER, file))]),
);

export type TestHome = Home & {
  readonly t: TestConvex<typeof schema>;
  /** Whoever has this credential, without a token. */
  readonly as: (credentialId: string) => Caller;
};

/** A home in memory, on fake time from a fixed moment on. Tokens are signed and read for real. */
export async function openTestHome(): Promise<TestHome> {
  const { MUSTER_JWKS, MUSTER_JWT_KEY } = await deploymentKeys();
  vi.stubEnv("MUSTER_JWKS", MUSTER_JWKS);
  vi.stubEnv("MUSTER_JWT_KEY", MUSTER_JWT_KEY);
  vi.stubEnv("CONVEX_SITE_URL", "http://127.0.0.1:3211");
  // The deployment's log: one line for each tick and delivery.
  vi.spyOn(console, "info").mockImplementation(() => {});
  vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ["Date", "setTimeout", "clearTimeout"] });
  const t = convexTest(schema, modules);
  const state = { cronAt: Date.now() + CRON_MS };
  return {
    t,
    nobody: caller(t),
    admin: caller(t),
    as: (subject) => caller(t.withIdentity({ subject })),
    withToken: (token) => caller(t.withIdentity({ subject: decodeJwt(token).sub ?? "" })),
    advance: async (ms) => {
      const until = Date.now() + ms;
      while (Date.now() < until) await step(t, state, until);
      await settle(t);
    },
    beAway: async (ms) => {
      vi.setSystemTime(Date.now() + ms);
      state.cronAt = Date.now() + CRON_MS;
      await wakeOverdue(t);
      await t.mutation(internal.deadlines.cleanupStaleAgents, {});
    },
    close: async () => {
      vi.clearAllTimers();
      vi.useRealTimers();
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    },
  };
}

type Callable = Pick<TestConvex<typeof schema>, "query" | "mutation" | "action">;

function caller(t: Callable): Caller {
  return {
    query: (fn, args) => t.query<FunctionReference<"query", FunctionVisibility>>(fn, args),
    mutation: (fn, args) => t.mutation<FunctionReference<"mutation", FunctionVisibility>>(fn, args),
    action: (fn, args) => t.action<FunctionReference<"action", FunctionVisibility>>(fn, args),
  };
}

/** To the next thing that is scheduled, the next cron, or the end, whichever comes first. */
async function step(t: TestConvex<typeof schema>, state: { cronAt: number }, until: number) {
  const next = Math.min(await nextScheduled(t), state.cronAt, until);
  vi.advanceTimersByTime(Math.max(0, next - Date.now()));
  await settle(t);
  if (Date.now() < state.cronAt) return;
  state.cronAt += CRON_MS;
  await t.mutation(internal.deadlines.cleanupStaleAgents, {});
}

/** Runs what is due now, and what that schedules for now. */
async function settle(t: TestConvex<typeof schema>) {
  await t.finishInProgressScheduledFunctions();
  while ((await nextScheduled(t)) <= Date.now()) {
    vi.advanceTimersByTime(0);
    await t.finishInProgressScheduledFunctions();
  }
}

async function nextScheduled(t: TestConvex<typeof schema>): Promise<number> {
  const pending = await t.run(async (ctx) =>
    (await ctx.db.system.query("_scheduled_functions").collect()).filter(
      ({ state }) => state.kind === "pending",
    ),
  );
  return Math.min(Number.POSITIVE_INFINITY, ...pending.map((job) => job.scheduledTime));
}

/** Timers do not fire by a changed clock: what fell due meanwhile runs at the next tick. */
async function wakeOverdue(t: TestConvex<typeof schema>) {
  vi.runOnlyPendingTimers();
  await t.finishInProgressScheduledFunctions();
}
