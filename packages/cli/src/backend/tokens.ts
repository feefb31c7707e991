import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleepFor } from "node:timers/promises";
import { CliError, fromBackend } from "../errors.ts";
import { readPrivateJson, writePrivateJson, type Home } from "../home.ts";
import type { Credential } from "./credential.ts";

/** A JWT and when it ends (ms since the epoch). */
interface Token {
  readonly token: string;
  readonly expiresAt: number;
}

/** Sends the secret to its own backend and nowhere else. Throws what the backend or the network throws. */
export type Exchange = (credential: Credential) => Promise<Token>;

export interface Tokens {
  /**
   * For `ConvexClient.setAuth`: goes on trying while the backend is away, answers null only after a definite refusal
   * (or once `signal` aborted), and never throws – any of the three would end the subscription for good.
   */
  fetchToken(how: { forceRefreshToken: boolean }): Promise<string | null>;
  /** One try, for a single call. @throws CliError */
  demand(how?: { fresh: boolean }): Promise<string>;
}

export interface TokensOptions {
  readonly home: Home;
  readonly credential: Credential;
  readonly exchange: Exchange;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** A token this close to its end is exchanged anew, so that it does not end on its way. */
const LEEWAY_MS = 60_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** Kinds after which the same secret will never again be given a token. */
const DEFINITE = new Set(["not_signed_in", "not_allowed", "not_found"]);

export function tokensFor(options: TokensOptions): Tokens {
  const { home, credential, exchange, signal } = options;
  const now = options.now ?? Date.now;
  const sleep = options.sleep ?? pause;
  const file = cacheFile(home, credential);
  let cached: Token | null = null;
  let running: Promise<Token> | null = null;

  async function demand(how: { fresh: boolean } = { fresh: false }): Promise<string> {
    if (!how.fresh) {
      const kept = cached ?? (await readCache(file));
      cached ??= kept;
      if (cached !== null && cached.expiresAt - now() > LEEWAY_MS) return cached.token;
    }
    running ??= renew().finally(() => {
      running = null;
    });
    return (await running).token;
  }

  async function renew(): Promise<Token> {
    let fresh: Token;
    try {
      fresh = await exchange(credential);
    } catch (error) {
      const refusal = outcomeOf(error, credential.backend);
      if (DEFINITE.has(refusal.kind)) {
        cached = null;
        await rm(file, { force: true });
      }
      throw refusal;
    }
    cached = fresh;
    await writePrivateJson(file, fresh);
    return fresh;
  }

  async function fetchToken(how: { forceRefreshToken: boolean }): Promise<string | null> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      if (signal?.aborted === true) return null;
      try {
        return await demand({ fresh: how.forceRefreshToken });
      } catch (error) {
        if (error instanceof CliError && DEFINITE.has(error.kind)) return null;
      }
      await sleep(pauseMs * (0.5 + Math.random() / 2), signal).catch(() => undefined);
    }
  }

  return { fetchToken, demand };
}

/** Signing in refuses with a kind; whatever else breaks inside it (a full disk, say) may be over at the next try. */
function outcomeOf(error: unknown, url: string): CliError {
  const refusal = fromBackend(error, url);
  if (refusal.kind !== "unexpected" || !refusal.message.includes("Server Error")) return refusal;
  return new CliError("unreachable", `The backend at ${url} could not sign anybody in just now.`, {
    hint: "Try again in a moment; `muster logs` says what is wrong if it stays so.",
    cause: error,
  });
}

/** The name binds a token to its backend, secret and seat, and tells none of them. */
function cacheFile(home: Home, credential: Credential): string {
  const { backend, secret, seat } = credential;
  const identity = JSON.stringify([backend, secret, seat?.room ?? null, seat?.role ?? null]);
  const name = createHash("sha256").update(identity).digest("hex").slice(0, 32);
  return join(home.tokens, `${name}.json`);
}

/** A cache that cannot be used is no reason to fail: the secret gives another token. */
async function readCache(file: string): Promise<Token | null> {
  const value = await readPrivateJson(file).catch(() => null);
  if (value === null) return null;
  const { token, expiresAt } = value;
  return typeof token === "string" && typeof expiresAt === "number" ? { token, expiresAt } : null;
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleepFor(ms, undefined, signal === undefined ? {} : { signal });
}
