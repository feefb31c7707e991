import type { FunctionArgs, FunctionReturnType } from "convex/server";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { CliError } from "../errors.ts";
import type { Clock } from "./clock.ts";

type UpdateStatus = typeof api.participants.updateAgentStatus;
type Report = FunctionArgs<UpdateStatus>["event"];
type Reply = FunctionReturnType<UpdateStatus>;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** A machine that is shutting down does not wait for a backend that is gone: the leases will say it. */
const LAST_TRIES_MS = 2_000;

/** What a machine tells its rooms about their agents. A report is retried until it is delivered or definitely refused. */
export class Reports {
  readonly #backend: Backend;
  readonly #clock: Clock;
  readonly #hurry = new AbortController();

  constructor(backend: Backend, clock: Clock) {
    this.#backend = backend;
    this.#clock = clock;
  }

  /** The machine drains: from here on a report that does not get through is given up. */
  hurry(): void {
    this.#hurry.abort();
  }

  /** A late or doubled report is answered with `accepted: false`. @throws CliError if it is refused for good. */
  async deliver(
    agent: { roomId: string; role: string; epoch: number },
    event: Report,
  ): Promise<Reply> {
    const { roomId, role, epoch } = agent;
    const args = { room: roomId, role, epoch, event };
    let giveUpAt = Infinity;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      if (this.#hurry.signal.aborted && giveUpAt === Infinity) {
        giveUpAt = this.#clock.now() + LAST_TRIES_MS;
      }
      try {
        return await this.#backend.mutate(api.participants.updateAgentStatus, args);
      } catch (error) {
        if (!mayPass(error)) throw error;
        if (this.#clock.now() > giveUpAt) throw error;
      }
      await this.#pause(pauseMs);
    }
  }

  async #pause(ms: number): Promise<void> {
    const hurry = this.#hurry.signal;
    await this.#clock.sleep(ms, hurry.aborted ? undefined : hurry);
  }
}

/** Whether the same report may be taken later: the backend was away, or broken. */
function mayPass(error: unknown): boolean {
  return error instanceof CliError && (error.kind === "unreachable" || error.kind === "unexpected");
}
