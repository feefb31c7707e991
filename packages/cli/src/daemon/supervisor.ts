import type { AskedBy, Start, StartCause, Timing } from "@muster/core";
import { EXIT } from "../errors.ts";
import type { AgentExit } from "./agent-process.ts";
import type { BeatAnswer, FromAgent } from "./channel.ts";
import type { Clock } from "./clock.ts";
import { EXIT_HOPELESS, HopelessStart } from "./hopeless.ts";
import { Hearing } from "./hearing.ts";
import { StartHistory } from "./start-history.ts";
import { nextStep } from "./supervision.ts";
import type { Effects, Launched, StartOutcome, WantedAgent } from "./supervised.ts";
import type { Step } from "./supervision.ts";

/** How long a refused start or an effect that failed is left alone, unless something changes. */
const HOLD_MS = 2_000;

type Running = Launched & {
  readonly spawnedAt: number;
  exit: AgentExit | null;
  joined: boolean;
  /** Null for a process that another daemon started: it has no channel to this one. */
  tickedAt: number | null;
  /** The room thinks it dead and needs it: a sign of life has to come by then. */
  doubtedUntil: number | null;
};

/** Makes what runs of one role on this machine equal to what is desired. One loop; everything else only wakes it. */
export class Supervisor {
  #agent: WantedAgent;
  readonly #effects: Effects;
  readonly #clock: Clock;
  readonly #timing: () => Timing;
  #running: Running | null = null;
  readonly #history: StartHistory;
  #random: number;
  #asked: AskedBy = "nobody";
  #removed = false;
  #draining = false;
  #stopped: boolean;
  /** It is to end now whatever people desire: a restart is a stop of an agent that stays wanted. */
  #ending = false;
  #displaced = false;
  #gaveUp: boolean;
  #left = false;
  /** A process was ended on purpose and its room has not been told. */
  #owesLeave = false;
  #heldUntil = 0;
  #startWaiters: Array<(outcome: StartOutcome) => void> = [];
  #stopWaiters: Array<() => void> = [];
  #alarm = new AbortController();

  /** @param history how it was started before, by whatever daemon */
  constructor(
    agent: WantedAgent,
    effects: Effects,
    clock: Clock,
    timing: () => Timing,
    history: readonly Start[] = [],
  ) {
    const remember = (starts: readonly Start[]) => effects.remember(this.#agent, starts);
    this.#history = new StartHistory(history, clock.now(), remember);
    this.#gaveUp = agent.agentStatus === "dead_failed_revive";
    this.#agent = agent;
    this.#effects = effects;
    this.#clock = clock;
    this.#timing = timing;
    this.#random = clock.random();
    this.#stopped = agent.desired === "stopped";
  }

  /** Supervises until the machine drains or the agent is taken from it; then nothing of it runs. */
  async run(): Promise<void> {
    if (this.#running === null && this.#history.isOpen) this.#endOpen();
    for (;;) {
      this.#alarm = new AbortController();
      const now = this.#clock.now();
      const step = nextStep(this.#view(), now, this.#timing());
      if (step.do === "finish") return this.#settleStop();
      if (step.do === "rest") {
        await this.#rest(step.until, now);
        continue;
      }
      try {
        await this.#take(step);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#effects.log("step failed", { role: this.#agent.role, step: step.do, reason });
        if (this.#draining) this.#letGo();
        else await this.#clock.sleep(HOLD_MS, this.#alarm.signal);
      }
    }
  }

  /** What people and the room say now; null when the agent is no longer this machine's. */
  want(agent: WantedAgent | null): void {
    if (agent === null) {
      this.#removed = true;
    } else {
      if (agent.agentStatus !== this.#agent.agentStatus || agent.epoch !== this.#agent.epoch) {
        this.#heldUntil = 0;
      }
      if (agent.desired === "running" && this.#agent.desired === "stopped") {
        this.#ending = false;
        this.#ask("person");
      }
      if (agent.desired === "running") this.#left = false;
      this.#stopped = agent.desired === "stopped";
      this.#removed = false;
      this.#agent = agent;
      if (isLiveIn(agent)) this.#joined(agent.epoch);
    }
    this.#wake();
  }

  /** A start command: resolves at the join, or with the reason why there is none. */
  async start(by: AskedBy): Promise<StartOutcome> {
    const running = this.#running;
    if (running?.joined === true && running.exit === null) {
      if (isLiveIn(this.#agent)) return { ok: true };
      running.doubtedUntil ??= this.#clock.now() + this.#timing().HEARTBEAT_TTL_MS;
    }
    // Only who found the seat empty asks for this.
    this.#displaced = false;
    this.#ask(by);
    return await new Promise((resolve) => {
      this.#startWaiters.push(resolve);
      this.#wake();
    });
  }

  /** A stop command: ends what runs. Only what people desire decides whether it comes back. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#ending = true;
    await new Promise<void>((resolve) => {
      this.#stopWaiters.push(resolve);
      this.#wake();
    });
  }

  /** The person's crash test. False if nothing runs. */
  kill(): boolean {
    if (this.#running === null || this.#running.exit !== null) return false;
    this.#running.process.signal("SIGKILL");
    return true;
  }

  /** Ends the agent and then the loop; what people desire stays as it is. */
  drain(): void {
    this.#draining = true;
    this.#wake();
  }

  /** Watches a process that an earlier daemon has started. It beats for itself. Before `run`. */
  adopt(launched: Launched): void {
    this.#watch({ ...launched, ...NEW, spawnedAt: this.#clock.now() });
    if (!this.#history.isOpen) this.#history.began("supervisor", this.#clock.now());
    if (isLiveIn(this.#agent)) this.#joined(this.#agent.epoch);
  }

  /** The seat that the machine's beat renews: only while the agent's own loop has ticked within `withinMs`, and from that tick on. */
  beat(withinMs: number): { epoch: number; holderId: string; silentMs: number } | null {
    const running = this.#running;
    if (running === null || !running.joined || running.exit !== null) return null;
    if (running.tickedAt === null) return null;
    const silentMs = this.#clock.now() - running.tickedAt;
    if (silentMs > withinMs) return null;
    return { epoch: running.epoch, holderId: running.holderId, silentMs };
  }

  /** Passes on what the machine's beat heard about the agent. */
  answer(answer: BeatAnswer): void {
    this.#running?.process.send({ kind: "beat", answer });
  }

  #view() {
    const running = this.#running;
    const closing = this.#draining || this.#removed;
    return {
      wanted: !this.#stopped && !this.#ending && !closing,
      closing,
      process:
        running === null
          ? null
          : {
              spawnedAt: running.spawnedAt,
              joined: running.joined,
              exited: running.exit !== null,
              doubtedUntil: running.doubtedUntil,
            },
      mustLeave:
        this.#owesLeave ||
        ((this.#stopped || this.#ending) && !this.#left && this.#agent.agentStatus !== "offline"),
      displaced: this.#displaced,
      heldUntil: this.#heldUntil,
      asked: this.#asked,
      history: this.#history.starts,
      random: this.#random,
      gaveUp: this.#gaveUp,
    };
  }

  async #rest(until: number | null, now: number): Promise<void> {
    if (this.#running === null && (this.#stopped || this.#ending)) this.#settleStop();
    await this.#clock.sleep(until === null ? FOREVER_MS : until - now, this.#alarm.signal);
  }

  async #take(step: Exclude<Step, { do: "rest" | "finish" }>): Promise<void> {
    if (step.do === "start") await this.#launch(step.cause);
    else if (step.do === "bury") await this.#bury();
    else if (step.do === "end") await this.#end();
    else if (step.do === "abandon") await this.#abandon();
    else if (step.do === "leave") await this.#leave();
    else await this.#giveUp(step.starts);
  }

  async #launch(cause: StartCause): Promise<void> {
    this.#asked = "nobody";
    this.#displaced = false;
    this.#gaveUp = false;
    this.#left = false;
    const at = this.#clock.now();
    const hearing = new Hearing();
    let launched: Launched | null;
    try {
      launched = await this.#effects.launch(this.#agent, hearing.hear);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#effects.log("start failed", { role: this.#agent.role, reason });
      this.#history.began(cause, at);
      return this.#ended(reason, error instanceof HopelessStart);
    }
    if (launched === null) {
      // Somebody else sits there and keeps the seat for a lease at least; what changes about it ends the hold.
      const { HEARTBEAT_TTL_MS } = this.#timing();
      this.#heldUntil = this.#clock.now() + (isLiveIn(this.#agent) ? HEARTBEAT_TTL_MS : HOLD_MS);
      this.#settleStart({ ok: false, reason: `the room shows it as ${this.#agent.agentStatus}` });
      return;
    }
    const running = { ...launched, ...NEW, spawnedAt: this.#clock.now() };
    this.#watch(running);
    this.#history.began(cause, running.spawnedAt);
    hearing.attend((message) => this.#hear(running, message));
  }

  #watch(running: Running): void {
    this.#running = running;
    void this.#awaitExit(running);
  }

  async #awaitExit(running: Running): Promise<void> {
    running.exit = await running.process.exited;
    this.#wake();
  }

  #hear(running: Running, message: FromAgent): void {
    if (running !== this.#running) return;
    running.tickedAt = this.#clock.now();
    running.doubtedUntil = null;
    if (message.kind === "task_started") this.#history.amend({ startedTask: true });
    if (message.kind !== "joined") return;
    running.epoch = message.epoch;
    running.holderId = message.holderId;
    this.#joined(message.epoch);
  }

  #joined(epoch: number): void {
    const running = this.#running;
    if (running === null || running.epoch !== epoch) return;
    if (!running.joined) this.#history.amend({ joinedAt: this.#clock.now() });
    running.joined = true;
    running.doubtedUntil = null;
    this.#asked = "nobody";
    this.#settleStart({ ok: true });
    this.#wake();
  }

  async #bury(): Promise<void> {
    const gone = this.#running;
    if (gone === null || gone.exit === null) return;
    await this.#effects.bury(this.#agent, gone, gone.exit);
    this.#displaced = gone.exit.code === EXIT.conflict;
    if (gone.exit.code === EXIT.unreachable && !gone.joined)
      this.#history.amend({ unreached: true });
    this.#ended(lastLine(gone.exit), gone.exit.code === EXIT_HOPELESS && !gone.joined);
  }

  async #abandon(): Promise<void> {
    const living = this.#running;
    if (living === null) return;
    const { STARTUP_DEADLINE_MS, HEARTBEAT_TTL_MS } = this.#timing();
    const why = living.joined
      ? `its loop gave no sign of life for ${HEARTBEAT_TTL_MS / 1_000} s`
      : `it did not join within ${STARTUP_DEADLINE_MS / 1_000} s`;
    const exit = await this.#effects.end(this.#agent, living);
    await this.#effects.bury(this.#agent, living, { ...exit, tail: `${why}\n${exit.tail}`.trim() });
    const words = lastWords(exit);
    this.#ended(words === "" ? why : `${why}: ${words}`);
  }

  async #end(): Promise<void> {
    const living = this.#running;
    if (living === null) return;
    await this.#effects.end(this.#agent, living);
    this.#agent = { ...this.#agent, epoch: living.epoch };
    this.#owesLeave = true;
    this.#history.undo();
    this.#over("it was stopped");
  }

  async #leave(): Promise<void> {
    await this.#effects.leave(this.#agent, this.#whyGone());
    this.#owesLeave = false;
    this.#left = true;
  }

  /** The machine ends and a report does not get through: the lease will say it, and nothing runs any more. */
  #letGo(): void {
    this.#owesLeave = false;
    if (this.#running?.exit !== null) this.#running = null;
  }

  async #giveUp(starts: number): Promise<void> {
    const after = `gave up after ${starts} ${starts === 1 ? "start" : "starts"}`;
    await this.#effects.giveUp(this.#agent, after);
    this.#gaveUp = true;
    this.#settleStart({ ok: false, reason: `its machine ${after}` });
  }

  #whyGone(): string {
    if (this.#draining) return "its machine is shutting down";
    return this.#removed ? "it was taken from this machine" : "stopped";
  }

  #ended(reason: string, hopeless = false): void {
    if (hopeless) this.#history.amend({ hopeless });
    this.#endOpen();
    this.#over(reason);
  }

  #endOpen(): void {
    this.#history.amend({ endedAt: this.#clock.now() });
  }

  #over(reason: string): void {
    this.#random = this.#clock.random();
    this.#running = null;
    this.#settleStart({ ok: false, reason });
  }

  #ask(by: AskedBy): void {
    if (by === "person" || this.#asked === "nobody") this.#asked = by;
    this.#heldUntil = 0;
  }

  #settleStart(outcome: StartOutcome): void {
    for (const settle of this.#startWaiters.splice(0)) settle(outcome);
  }

  #settleStop(): void {
    if (this.#ending) this.#wake();
    this.#ending = false;
    const closing = this.#draining || this.#removed;
    if (this.#stopped || closing) this.#settleStart({ ok: false, reason: "it is stopped" });
    for (const settle of this.#stopWaiters.splice(0)) settle();
  }

  #wake(): void {
    this.#alarm.abort();
  }
}

/** A process that has just been started or found. */
const NEW = { exit: null, joined: false, tickedAt: null, doubtedUntil: null };

function isLiveIn(agent: WantedAgent): boolean {
  return agent.agentStatus === "live";
}

/** The longest that a timer can wait; the loop then simply looks again. */
const FOREVER_MS = 2 ** 31 - 1;

function lastLine(exit: AgentExit): string {
  const how =
    exit.signal === null
      ? `it ended with ${exit.code ?? "an unknown code"}`
      : `it ended by ${exit.signal}`;
  const words = lastWords(exit);
  return words === "" ? how : `${how}: ${words}`;
}

/** Why a program ended, as it said itself. */
function lastWords(exit: AgentExit): string {
  return exit.tail.trim().split("\n").at(-1) ?? "";
}
