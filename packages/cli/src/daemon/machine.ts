import { firstBeatDelay } from "@muster/core/heartbeat";
import type { Timing } from "@muster/core";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { CliError, isUnreachable } from "../errors.ts";
import type { Log } from "../log.ts";
import type { FoundHarness } from "../adapters/known.ts";
import type { BeatAnswer } from "./channel.ts";
import type { Clock } from "./clock.ts";
import type { FoundFile } from "./heartbeat-file.ts";
import type { WantedAgent } from "./supervised.ts";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const OFFER_PATIENCE_MS = 60_000;

/** What this machine says of itself. */
export interface MachineCard {
  readonly name: string;
  readonly os: string;
  readonly harnesses: FoundHarness[];
  readonly daemonVersion: string;
}

/** An agent in the machine's beat, and what the beat said about it. */
export interface BeatAgent {
  readonly room: string;
  readonly role: string;
  readonly epoch: number;
  readonly holderId: string;
  /** How long ago the agent's own loop was heard. */
  readonly silentMs: number;
}

export interface Beating {
  /** The agents whose own loops live, at this moment. */
  readonly agents: () => BeatAgent[];
  readonly onAnswer: (room: string, role: string, answer: BeatAnswer) => void;
  /** A beat has been answered: the backend is there. */
  readonly onAnswered: () => void;
  /** Aborts at the next wake-up from a suspension: then the beat comes before anything else. */
  readonly waking: () => AbortSignal;
}

/** This machine as the backend knows it: its generation, its beats, and the timing that the backend dictates. */
export class Machine {
  readonly #backend: Backend;
  #card: MachineCard;
  readonly #clock: Clock;
  readonly #log: Log;
  #registered: { machineId: string; epoch: number; nextBeatMs: number; timing: Timing } | null =
    null;

  constructor(backend: Backend, card: MachineCard, clock: Clock, log: Log) {
    this.#backend = backend;
    this.#card = card;
    this.#clock = clock;
    this.#log = log;
  }

  get id(): string {
    return this.#known.machineId;
  }

  get epoch(): number {
    return this.#known.epoch;
  }

  get timing(): Timing {
    return this.#known.timing;
  }

  get nextBeatMs(): number {
    return this.#known.nextBeatMs;
  }

  /** Takes the machine over from whatever daemon it had; waits for a backend that is away. @throws CliError */
  async register(signal: AbortSignal): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        const answer = await this.#backend.mutate(api.machines.register, this.#card);
        this.#registered = { ...answer, timing: answer.timing as unknown as Timing };
        this.#log("registered", { machineId: answer.machineId, epoch: answer.epoch });
        return;
      } catch (error) {
        if (!isUnreachable(error) || signal.aborted) throw error;
      }
      await this.#clock.sleep(pauseMs, signal);
    }
  }

  /** Beats until `signal` aborts; comes back earlier with the reason if this daemon has lost its machine. */
  async keepBeating(beating: Beating, signal: AbortSignal): Promise<"superseded" | "stop" | null> {
    let waitMs = firstBeatDelay(this.nextBeatMs, this.#clock.random());
    for (;;) {
      await this.#clock.sleep(waitMs, AbortSignal.any([signal, beating.waking()]));
      if (signal.aborted) return null;
      const answer = await this.#beatWithRetries(beating, signal);
      if (answer === "superseded" || answer === "stop") return answer;
      waitMs = this.nextBeatMs;
      if (answer === "rejoin_required" && !(await this.#registerAgain(signal))) return "stop";
    }
  }

  async #registerAgain(signal: AbortSignal): Promise<boolean> {
    try {
      await this.register(signal);
      return true;
    } catch (error) {
      this.#log("not registered", { message: (error as Error).message });
      return signal.aborted;
    }
  }

  /** Says what programs there are now. Unsaid while the backend is away, it is a part of the next registration. */
  async offer(harnesses: FoundHarness[]): Promise<void> {
    this.#card = { ...this.#card, harnesses };
    const offered = { epoch: this.epoch, harnesses };
    await this.#backend.mutate(api.machines.offer, offered, { patienceMs: OFFER_PATIENCE_MS });
  }

  /** Tells how it found an agent's HEARTBEAT.md; false when the room does not take its word. @throws CliError */
  async report(
    { roomId: room, role }: Pick<WantedAgent, "roomId" | "role">,
    file: FoundFile,
  ): Promise<boolean> {
    const told = { epoch: this.epoch, room, role, file };
    return (await this.#backend.mutate(api.heartbeatFiles.report, told)).accepted;
  }

  /** The daemon ends on purpose. A backend that is away will find out by itself. */
  async disconnect(): Promise<void> {
    const { epoch } = this.#known;
    await this.#backend.mutate(api.machines.disconnect, { epoch }).catch(() => undefined);
  }

  async #beatWithRetries(beating: Beating, signal: AbortSignal): Promise<BeatAnswer | null> {
    for (const retryMs of [...this.timing.HEARTBEAT_RETRY_MS, null]) {
      try {
        return await this.#beat(beating);
      } catch (error) {
        const { message } = error as Error;
        this.#log("beat failed", { message });
        if (error instanceof CliError && error.kind === "not_signed_in") return "stop";
      }
      if (retryMs === null || signal.aborted) break;
      await this.#clock.sleep(retryMs, signal);
    }
    return null;
  }

  async #beat(beating: Beating): Promise<BeatAnswer> {
    const args = { epoch: this.epoch, agents: beating.agents() };
    const answer = await this.#backend.mutate(api.machines.daemonHeartbeat, args);
    if (this.#registered !== null) this.#registered.nextBeatMs = answer.nextBeatMs;
    for (const agent of answer.agents) beating.onAnswer(agent.room, agent.role, agent.answer);
    beating.onAnswered();
    return answer.answer;
  }

  get #known() {
    if (this.#registered === null) throw new Error("this machine is not registered yet");
    return this.#registered;
  }
}
