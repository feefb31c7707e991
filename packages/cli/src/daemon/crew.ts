import { endAgent } from "./agent-process.ts";
import { adopted } from "./records.ts";
import type { AgentRecord, AgentRecords } from "./records.ts";
import type { BeatAnswer } from "./channel.ts";
import type { Clock } from "./clock.ts";
import type { BeatAgent } from "./machine.ts";
import { STOP_GRACE_MS } from "./effects.ts";
import type { Starts } from "./starts.ts";
import { Supervisor } from "./supervisor.ts";
import type { Effects, WantedAgent } from "./supervised.ts";
import type { Timing } from "@muster/core";

export interface CrewOptions {
  readonly url: string;
  readonly effects: Effects;
  readonly records: AgentRecords;
  readonly starts: Starts;
  readonly clock: Clock;
  readonly timing: () => Timing;
}

/** All agents of this machine: one supervisor per room and role, made and unmade as people configure them. */
export class Crew {
  readonly #options: CrewOptions;
  readonly #supervisors = new Map<string, { supervisor: Supervisor; done: Promise<void> }>();
  /** What an earlier daemon left, until somebody takes care of it. */
  readonly #inherited: Map<string, AgentRecord>;
  #draining = false;

  constructor(options: CrewOptions) {
    this.#options = options;
    this.#inherited = new Map(
      options.records.all().map((record) => [keyOf(record.roomId, record.role), record]),
    );
  }

  /** The agents that this machine is to run, complete. Also ends what an earlier daemon ran and nobody wants. */
  want(agents: readonly WantedAgent[]): void {
    if (this.#draining) return;
    const wanted = new Map(agents.map((agent) => [keyOf(agent.roomId, agent.role), agent]));
    for (const [key, { supervisor }] of this.#supervisors) {
      if (!wanted.has(key)) supervisor.want(null);
    }
    for (const [key, agent] of wanted) {
      const known = this.#supervisors.get(key);
      if (known === undefined) this.#supervise(key, agent);
      else known.supervisor.want(agent);
    }
    void this.#endUnwanted();
  }

  find(roomId: string, role: string): Supervisor | null {
    return this.#supervisors.get(keyOf(roomId, role))?.supervisor ?? null;
  }

  /** Who is to be carried by the machine's beat. */
  beats(withinMs: number): BeatAgent[] {
    return [...this.#supervisors].flatMap(([key, { supervisor }]) => {
      const [room, role] = JSON.parse(key) as [string, string];
      const beat = supervisor.beat(withinMs);
      return beat === null ? [] : [{ room, role, ...beat }];
    });
  }

  answer(roomId: string, role: string, answer: BeatAnswer): void {
    this.find(roomId, role)?.answer(answer);
  }

  /** Every agent leaves; resolves when nothing of them runs. */
  async drain(): Promise<void> {
    this.#draining = true;
    const all = [...this.#supervisors.values()];
    for (const { supervisor } of all) supervisor.drain();
    await Promise.all(all.map(async ({ done }) => await done));
  }

  #supervise(key: string, agent: WantedAgent): void {
    const { effects, clock, timing, url, starts } = this.#options;
    const supervisor = new Supervisor(agent, effects, clock, timing, starts.of(agent));
    const record = this.#inherited.get(key);
    if (record !== undefined && record.url === url) {
      this.#inherited.delete(key);
      const { epoch, holderId } = record;
      supervisor.adopt({ process: adopted(record, clock), epoch, holderId });
    }
    this.#supervisors.set(key, {
      supervisor,
      done: this.#superviseToTheEnd(key, supervisor, agent),
    });
  }

  async #superviseToTheEnd(key: string, supervisor: Supervisor, agent: WantedAgent): Promise<void> {
    await supervisor.run();
    this.#supervisors.delete(key);
    await this.#options.records.forget(agent);
    if (!this.#draining) this.#options.starts.forget(agent);
  }

  async #endUnwanted(): Promise<void> {
    const unwanted = [...this.#inherited.values()];
    this.#inherited.clear();
    await Promise.all(unwanted.map(async (record) => await this.#endInherited(record)));
  }

  async #endInherited(record: AgentRecord): Promise<void> {
    const { records, clock, effects } = this.#options;
    const sleep = async (ms: number) => await clock.sleep(ms);
    try {
      await endAgent(adopted(record, clock), { graceMs: STOP_GRACE_MS, sleep });
      await records.forget(record);
    } catch (error) {
      effects.log("not ended", { role: record.role, message: (error as Error).message });
    }
  }
}

function keyOf(roomId: string, role: string): string {
  return JSON.stringify([roomId, role]);
}
