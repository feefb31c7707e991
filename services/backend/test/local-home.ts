import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { bundleFunctions, start } from "convex-local";
import type { CallCounts, Clock, FunctionsBundle, RunningDeployment, Traffic } from "convex-local";
import type { TimingProfile } from "@muster/core";
import { internal } from "../convex/_generated/api.js";
import type { Caller, Home } from "./home.ts";
import { deploymentKeys } from "./keys.ts";
import { renewed } from "./lasting-token.ts";

const FUNCTIONS = path.resolve(import.meta.dirname, "../convex");

/** In memory where the system has such a place: the scenarios are about the functions, not about the disk. */
const SCRATCH = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

let bundled: Promise<FunctionsBundle> | undefined;

export type LocalHome = Home & {
  readonly url: () => string;
  /** How often functions ran so far, those that `advance` needs for itself left out. */
  readonly calls: () => CallCounts;
  /** How much they read and wrote; what `advance` needs for itself reads nothing. */
  readonly traffic: () => Traffic;
};

/** A deployment of convex-local on a data directory of its own; clients speak HTTP and carry real tokens. */
export async function openLocalHome(timing: TimingProfile = "fast"): Promise<LocalHome> {
  const { MUSTER_JWKS, MUSTER_JWT_KEY } = await deploymentKeys();
  const data = mkdtempSync(path.join(SCRATCH, "muster-backend-"));
  const clock = new StandingClock();
  const functions = await (bundled ??= bundleFunctions(FUNCTIONS));
  const env = { MUSTER_JWKS, MUSTER_JWT_KEY, MUSTER_TIMING: timing };
  const open = (ports: { port: number; sitePort: number }) =>
    start({ functions, data, clock, env, ...ports });
  let running = await open({ port: 0, sitePort: 0 });
  const admin = caller(running, (client) => client.setAdminAuth(running.adminKey));
  // Every write goes through one queue, so that this one is answered after those begun before it: refused before it reads anything.
  let own = 0;
  const settled = async () => {
    own += 1;
    const refused = admin.mutation(internal.deadlines.run, { generation: NOTHING });
    await refused.catch((error: unknown) => {
      if (!String(error).includes("ArgumentValidationError")) throw error;
    });
  };
  return {
    url: () => running.url,
    calls: () => {
      const counts = running.calls();
      return { ...counts, mutation: counts.mutation - own };
    },
    traffic: () => running.traffic(),
    nobody: caller(running, () => {}),
    admin,
    withToken: (token) => {
      const begun = clock.now();
      return caller(running, async (client) => {
        const lasts = clock.now() - begun < HALF_HOUR_MS;
        client.setAuth(lasts ? token : await renewed(token, MUSTER_JWT_KEY, clock.now()));
      });
    },
    advance: async (ms) => await clock.advance(ms, settled),
    beAway: async (ms) => {
      await running.close();
      clock.skip(ms);
      running = await open({ port: portOf(running.url), sitePort: portOf(running.siteUrl) });
      await settled();
      await clock.advance(0, settled);
    },
    close: async () => {
      await running.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Not the number that the function takes. */
const NOTHING = null as unknown as number;

const HALF_HOUR_MS = 1_800_000;

const portOf = (url: string) => Number(new URL(url).port);

function caller(
  { url }: RunningDeployment,
  authenticate: (client: AdminClient) => void | Promise<void>,
): Caller {
  const made = new ConvexHttpClient(url, { logger: false }) as AdminClient;
  const ready = async () => {
    await authenticate(made);
    return made;
  };
  // The client's types know public functions only; an admin may call the others too.
  return {
    query: async (fn, args) => await (await ready()).query(fn as never, args),
    mutation: async (fn, args) => await (await ready()).mutation(fn as never, args),
    action: async (fn, args) => await (await ready()).action(fn as never, args),
  };
}

type AdminClient = ConvexHttpClient & { setAdminAuth(key: string): void };

/** Time that stands until it is moved; whatever falls due on the way runs in its order. */
class StandingClock implements Clock {
  #now = 1_700_000_000_000;
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delay: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(delay, 0), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  skip(ms: number): void {
    this.#now += ms;
  }

  async advance(ms: number, settled: () => Promise<unknown>): Promise<void> {
    const until = this.#now + ms;
    for (let due = this.#take(until); due !== undefined; due = this.#take(until)) {
      this.#now = Math.max(this.#now, due.at);
      due.run();
      await settled();
    }
    this.#now = until;
  }

  #take(until: number) {
    const due = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
    this.#timers = this.#timers.filter((timer) => timer !== due);
    return due;
  }
}
