import { DeveloperError } from "./failure.ts";
import type { Traffic } from "./traffic.ts";

const MiB = 1024 * 1024;

/** What one transaction may do at most, by Convex's names. */
export const LIMITS = {
  documentsRead: 32_000,
  bytesRead: 16 * MiB,
  databaseQueries: 4_096,
  documentsWritten: 16_000,
  bytesWritten: 16 * MiB,
  functionsScheduled: 1_000,
  scheduledFunctionArgsBytes: 16 * MiB,
  filesRead: 1_000,
  fileReadBytes: 16 * MiB,
  filesWritten: 1_000,
  fileWriteBytes: 16 * MiB,
} as const;

export type Resource = keyof typeof LIMITS;

const WORDS: Record<Resource, string> = {
  documentsRead: "Too many documents read",
  bytesRead: "Too many bytes read",
  databaseQueries: "Too many reads (index ranges and single documents)",
  documentsWritten: "Too many documents written",
  bytesWritten: "Too many bytes written",
  functionsScheduled: "Too many functions scheduled",
  scheduledFunctionArgsBytes: "Too many bytes in the arguments of scheduled functions",
  filesRead: "Too many files read",
  fileReadBytes: "Too many bytes of files read",
  filesWritten: "Too many files written",
  fileWriteBytes: "Too many bytes of files written",
};

type Amounts = Record<Resource, number>;

const NOTHING = everyResource(0);
const ENDLESS = everyResource(Infinity);

function everyResource(amount: number): Readonly<Amounts> {
  return Object.fromEntries(Object.keys(LIMITS).map((name) => [name, amount])) as Amounts;
}

/** How much a transaction has used, and the place where it ends when that is too much. */
export class Usage {
  readonly #used: Amounts = { ...NOTHING };
  #most: Readonly<Amounts>;

  constructor(most: Readonly<Amounts> = LIMITS) {
    this.#most = most;
  }

  /** Of the runtime's own work, which may do as much as it has to. */
  static unbounded(): Usage {
    return new Usage(ENDLESS);
  }

  /** Throws a DeveloperError once the limit is passed. */
  add(resource: Resource, amount: number): void {
    this.#used[resource] += amount;
    if (this.#used[resource] <= this.#most[resource]) return;
    throw new DeveloperError(
      `${WORDS[resource]} in a single function execution (limit: ${this.#most[resource]}).`,
    );
  }

  /** Runs `work` under tighter limits for what it uses by itself; a limit can be lowered this way, never raised. */
  within<T>(limits: Readonly<Record<string, unknown>>, work: () => T): T {
    const before = this.#most;
    const most = { ...before };
    for (const resource of Object.keys(LIMITS) as Resource[]) {
      const limit = limits[resource];
      if (typeof limit !== "number") continue;
      most[resource] = Math.min(before[resource], this.#used[resource] + limit);
    }
    this.#most = most;
    try {
      return work();
    } finally {
      this.#most = before;
    }
  }

  /** Of documents so far. */
  get traffic(): Traffic {
    const { bytesRead, bytesWritten } = this.#used;
    return { bytesRead, bytesWritten };
  }

  /** As `ctx.meta.getTransactionMetrics()` answers it. */
  metrics(): Record<Resource, { used: number; remaining: number }> {
    const entries = (Object.keys(LIMITS) as Resource[]).map((name) => {
      const used = this.#used[name];
      return [name, { used, remaining: Math.max(this.#most[name] - used, 0) }];
    });
    return Object.fromEntries(entries) as ReturnType<Usage["metrics"]>;
  }
}
