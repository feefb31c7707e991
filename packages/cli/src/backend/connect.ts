import { CALL_TIMEOUT_MS } from "@muster/core/timing";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import type {
  FunctionArgs,
  FunctionReference,
  FunctionReturnType,
  OptionalRestArgs,
} from "convex/server";
import { setTimeout as sleepFor } from "node:timers/promises";
import { systemClock } from "../daemon/clock.ts";
import type { Clock } from "../daemon/clock.ts";
import { CliError, fromBackend, isUnreachable } from "../errors.ts";
import type { Home } from "../home.ts";
import { api } from "./api.ts";
import type { Credential } from "./credential.ts";
import { tokensFor, type Exchange, type Tokens } from "./tokens.ts";

/** How long a socket may take to be closed: on a dead line the other side's goodbye comes after minutes, or never. */
const GOODBYE_MS = 500;

type Query = FunctionReference<"query">;
type Mutation = FunctionReference<"mutation">;

/** How long a call tries again while its backend is out of reach; it then fails with what the last try met. */
interface Patience {
  /** Default 0. `Infinity` ends with `signal` or the caller alone. */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * One caller of one backend. Calls go by HTTP and throw `CliError`; `watch` goes by the sync socket, which is opened
 * at its first use.
 */
export interface Backend {
  readonly url: string;
  query<F extends Query>(
    ref: F,
    args: FunctionArgs<F>,
    how?: Patience,
  ): Promise<FunctionReturnType<F>>;
  /** With patience only mutations that may arrive twice: those with a `key`, a claim token or a holder. */
  mutate<F extends Mutation>(
    ref: F,
    args: FunctionArgs<F>,
    how?: Patience,
  ): Promise<FunctionReturnType<F>>;
  /** Calls `onValue` with each new result until the returned function is called. A refusal goes to `onError`. */
  watch<F extends Query>(
    ref: F,
    args: FunctionArgs<F>,
    onValue: (value: FunctionReturnType<F>) => void,
    onError: (error: CliError) => void,
  ): () => void;
  /**
   * Watches on by a new socket. After a silence of the line the old one may be the last to hear that it is over: a system waits
   * longer and longer before it tries again what was lost.
   */
  reopen(): void;
  /** Ends the socket and every try; safe to call twice. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly home: Home;
  readonly credential: Credential;
  readonly exchange?: Exchange;
  /** What patience is measured with. */
  readonly clock?: Clock;
}

/** Speaks to `credential.backend` as whoever the credential stands for. Sends nothing until the first call. */
export function connect(options: ConnectOptions): Backend {
  const { credential, clock = systemClock } = options;
  const url = credential.backend;
  const closing = new AbortController();
  const tokens = tokensFor({
    home: options.home,
    credential,
    exchange: options.exchange ?? exchangeByHttp,
    signal: closing.signal,
  });
  let socket: ConvexClient | null = null;
  const watches = new Set<Watch>();

  return {
    url,
    async query(ref, args, how) {
      const call = async () =>
        await asCaller(tokens, url, (client) => client.query(ref, ...only<typeof ref>(args)));
      return await patiently(call, how, clock, closing.signal);
    },
    async mutate(ref, args, how) {
      const call = async () =>
        await asCaller(tokens, url, (client) => client.mutation(ref, args, { skipQueue: true }));
      return await patiently(call, how, clock, closing.signal);
    },
    watch(ref, args, onValue, onError) {
      socket ??= openSocket(url, tokens);
      const begin = (on: ConvexClient) =>
        on.onUpdate(ref, args, onValue, (error) => onError(fromBackend(error, url)));
      const watch = { begin, stop: begin(socket) };
      watches.add(watch);
      return () => {
        watches.delete(watch);
        watch.stop();
      };
    },
    reopen() {
      if (socket === null) return;
      const old = socket;
      const fresh = openSocket(url, tokens);
      socket = fresh;
      for (const watch of watches) {
        watch.stop();
        watch.stop = watch.begin(fresh);
      }
      old.close().catch(() => undefined);
    },
    async close() {
      closing.abort();
      const goodbye = socket?.close();
      socket = null;
      await Promise.race([goodbye, sleepFor(GOODBYE_MS, undefined, { ref: false })]);
    },
  };
}

/** What somebody watches, on whichever socket there is. */
interface Watch {
  readonly begin: (on: ConvexClient) => () => void;
  stop: () => void;
}

/** Tuple form in which a client takes its one argument object. */
function only<F extends FunctionReference<"query" | "mutation" | "action">>(
  args: FunctionArgs<F>,
): OptionalRestArgs<F> {
  return [args] as unknown as OptionalRestArgs<F>;
}

/** A client without a caller, for functions that are open to anyone. */
export function anonymous(url: string): ConvexHttpClient {
  return new ConvexHttpClient(url, {
    skipConvexDeploymentUrlCheck: true,
    logger: false,
    fetch: fetchInTime,
  });
}

const exchangeByHttp: Exchange = async (credential) => {
  const { backend, secret, seat } = credential;
  const args = seat === undefined ? { secret } : { secret, seat };
  return await anonymous(backend).action(api.auth.exchange, args);
};

/** A cached token can have been outlived by its deployment (new keys, revoked seat): one fresh one is tried. */
async function asCaller<T>(
  tokens: Tokens,
  url: string,
  call: (client: ConvexHttpClient) => Promise<T>,
): Promise<T> {
  const client = anonymous(url);
  try {
    client.setAuth(await tokens.demand());
    try {
      return await call(client);
    } catch (error) {
      if (fromBackend(error, url).kind !== "not_signed_in") throw error;
      client.setAuth(await tokens.demand({ fresh: true }));
      return await call(client);
    }
  } catch (error) {
    throw fromBackend(error, url);
  }
}

async function patiently<T>(
  call: () => Promise<T>,
  { patienceMs = 0, signal }: Patience = {},
  clock: Clock,
  closing: AbortSignal,
): Promise<T> {
  const end = clock.now() + patienceMs;
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    try {
      return await call();
    } catch (error) {
      const ended = closing.aborted || signal?.aborted === true;
      if (!isUnreachable(error) || clock.now() + pauseMs > end || ended) throw error;
    }
    await clock.sleep(pauseMs, signal === undefined ? closing : AbortSignal.any([closing, signal]));
  }
}

const fetchInTime: typeof globalThis.fetch = async (input, init) => {
  const limit = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const signal = init?.signal ? AbortSignal.any([limit, init.signal]) : limit;
  return await fetch(input, { ...init, signal });
};

function openSocket(url: string, tokens: Tokens): ConvexClient {
  const client = new ConvexClient(url, {
    skipConvexDeploymentUrlCheck: true,
    logger: false,
    initialAuthTokenReuse: true,
  });
  client.setAuth(async (how) => await tokens.fetchToken(how));
  return client;
}
