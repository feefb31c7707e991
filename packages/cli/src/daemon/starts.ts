import { join } from "node:path";
import type { Start, StartCause } from "@muster/core";
import { readPrivateJson, writePrivateJson } from "../home.ts";
import type { Home } from "../home.ts";
import type { Log } from "../log.ts";

interface Place {
  readonly roomId: string;
  readonly role: string;
}

/** What of an agent's starts is kept, by the backend that it works for. */
interface Kept extends Place {
  readonly url: string;
  readonly history: readonly Start[];
}

/**
 * How this machine's agents were started, on disk: what a restart budget has used up, the next daemon does not give
 * again. One writer at a time: its owner holds the daemon's lock.
 */
export class Starts {
  readonly #file: string;
  readonly #url: string;
  readonly #log: Log;
  readonly #kept: Map<string, Kept>;
  #writing: Promise<void> | null = null;
  #changed = false;

  private constructor(file: string, url: string, log: Log, kept: readonly Kept[]) {
    this.#file = file;
    this.#url = url;
    this.#log = log;
    this.#kept = new Map(kept.map((one) => [keyOf(one.url, one), one]));
  }

  /** A file that makes no sense is as good as none: the budgets begin anew. */
  static async open(home: Home, url: string, log: Log): Promise<Starts> {
    const file = join(home.daemon, "starts.json");
    const { starts } = (await readPrivateJson(file).catch(() => null)) ?? {};
    return new Starts(file, url, log, Array.isArray(starts) ? starts.filter(isKept) : []);
  }

  /** Oldest first. */
  of(place: Place): readonly Start[] {
    return this.#kept.get(keyOf(this.#url, place))?.history ?? [];
  }

  /** On disk soon; what changes meanwhile goes with the next write. */
  keep({ roomId, role }: Place, history: readonly Start[]): void {
    const url = this.#url;
    this.#kept.set(keyOf(url, { roomId, role }), { url, roomId, role, history });
    this.#write();
  }

  /** The agent is no longer this machine's. */
  forget(place: Place): void {
    if (this.#kept.delete(keyOf(this.#url, place))) this.#write();
  }

  /** Resolves when everything is on disk. Never rejects. */
  async settled(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  #write(): void {
    this.#changed = true;
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = null));
  }

  async #writeAll(): Promise<void> {
    while (this.#changed) {
      this.#changed = false;
      try {
        await writePrivateJson(this.#file, { starts: [...this.#kept.values()] });
      } catch (error) {
        this.#log("starts not kept", { message: (error as Error).message });
      }
    }
  }
}

function keyOf(url: string, { roomId, role }: Place): string {
  return JSON.stringify([url, roomId, role]);
}

function isKept(value: unknown): value is Kept {
  const { url, roomId, role, history } = fieldsOf(value);
  const strings = [url, roomId, role];
  return (
    strings.every((field) => typeof field === "string") &&
    Array.isArray(history) &&
    history.every(isStart)
  );
}

const CAUSES: readonly StartCause[] = ["supervisor", "trial", "message", "person"];

function isStart(value: unknown): value is Start {
  const { cause, at, joinedAt, endedAt, startedTask, hopeless, unreached } = fieldsOf(value);
  return (
    CAUSES.some((known) => known === cause) &&
    typeof at === "number" &&
    [joinedAt, endedAt].every((time) => time === undefined || typeof time === "number") &&
    typeof startedTask === "boolean" &&
    [hopeless, unreached].every((fact) => fact === undefined || typeof fact === "boolean")
  );
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
