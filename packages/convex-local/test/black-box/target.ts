import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { ConvexError, type Value } from "convex/values";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { bundleFunctions, start } from "../../src/index.ts";
import type { FunctionsBundle } from "../../src/index.ts";
import { areWorkersForced, forcedWorkers } from "../forced-workers.ts";

/**
 * A deployment of `test/fixtures/black-box/convex`: one of our own, or the one that BLACK_BOX_URL, BLACK_BOX_SITE_URL and
 * BLACK_BOX_ADMIN_KEY name, to see whether it is the tests or the runtime that is wrong about Convex.
 */
export interface Target {
  readonly url: string;
  readonly siteUrl: string;
  readonly adminKey: string;
}

const { BLACK_BOX_URL, BLACK_BOX_SITE_URL, BLACK_BOX_ADMIN_KEY } = process.env;
const FUNCTIONS = join(import.meta.dirname, "..", "fixtures", "black-box", "convex");

let bundled: Promise<FunctionsBundle> | undefined;
let target: Target | undefined;

/** Gives the tests of the calling file a deployment; one of our own ends a query or mutation after `timeout` milliseconds. */
export function useDeployment(timeout = 1_000): void {
  let end: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    if (BLACK_BOX_URL !== undefined) {
      target = {
        url: BLACK_BOX_URL,
        siteUrl: BLACK_BOX_SITE_URL ?? "",
        adminKey: BLACK_BOX_ADMIN_KEY ?? "",
      };
      return;
    }
    const data = areWorkersForced ? mkdtempSync(join(tmpdir(), "convex-local-")) : ":memory:";
    const own = await start({
      functions: await (bundled ??= bundleFunctions(FUNCTIONS)),
      data,
      port: 0,
      sitePort: 0,
      timeout,
      ...forcedWorkers,
    });
    target = own;
    end = async () => {
      await own.close();
      rmSync(data, { recursive: true, force: true });
    };
  });
  afterAll(async () => await end?.());
}

export function deployment(): Target {
  if (target === undefined) throw new Error("The deployment has not been started.");
  return target;
}

/** A name that no other test uses. */
export const newRun = () => randomUUID();

type Args = Record<string, Value>;

type Caller = { admin: true; actingAs?: Record<string, Value> } | { token: string };

/** The HTTP client, with functions by name. */
export function http(identity?: Caller) {
  const client = new ConvexHttpClient(deployment().url, { logger: false });
  if (identity !== undefined && "token" in identity) client.setAuth(identity.token);
  if (identity !== undefined && "admin" in identity) {
    const admin = client as unknown as { setAdminAuth(key: string, actingAs?: object): void };
    admin.setAdminAuth(deployment().adminKey, identity.actingAs);
  }
  return {
    query: async (name: string, args: Args = {}): Promise<unknown> =>
      await client.query(makeFunctionReference<"query">(name), args),
    mutation: async (name: string, args: Args = {}): Promise<unknown> =>
      await client.mutation(makeFunctionReference<"mutation">(name), args),
    action: async (name: string, args: Args = {}): Promise<unknown> =>
      await client.action(makeFunctionReference<"action">(name), args),
  };
}

/** The socket client, closed after the test. */
export function socket(): ConvexClient {
  const client = new ConvexClient(deployment().url, { logger: false });
  onTestFinished(async () => await client.close());
  return client;
}

/** What came of a call: its value, or that it failed and with which data. */
export async function outcome(
  call: Promise<unknown>,
): Promise<{ value: unknown } | { failed: true; data?: unknown }> {
  try {
    return { value: await call };
  } catch (error) {
    return error instanceof ConvexError
      ? { failed: true, data: error.data as unknown }
      : { failed: true };
  }
}

export const FAILED = { failed: true } as const;
