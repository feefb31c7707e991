import { onTestFinished } from "vitest";
import { timingProfile } from "@muster/core";
import type { Start } from "@muster/core";
import { AwakeClock } from "../awake-clock.ts";
import type { AgentExit } from "./agent-process.ts";
import type { BeatAnswer, FromAgent } from "./channel.ts";
import type { Clock } from "./clock.ts";
import { Supervisor } from "./supervisor.ts";
import type { Effects, Launched, WantedAgent } from "./supervised.ts";

export const timing = timingProfile("standard");

/** A clock that moves only when it is told to. */
export class Hands implements Clock {
  #now: number;
  #alarms: Array<{ at: number; ring: () => void }> = [];

  constructor(now = 1_000_000) {
    this.#now = now;
  }

  now = () => this.#now;
  random = () => 0;
  sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      this.#alarms.push({ at: this.#now + ms, ring: resolve });
      signal?.addEventListener("abort", () => resolve());
    });
  };

  /** As the kernel does it: the clock goes on, and no timer does. */
  suspend(ms: number): void {
    this.#now += ms;
    this.#alarms = this.#alarms.map(({ at, ring }) => ({ at: at + ms, ring }));
  }

  async pass(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#alarms.filter(({ at }) => at <= this.#now);
    this.#alarms = this.#alarms.filter(({ at }) => at > this.#now);
    for (const alarm of due) alarm.ring();
    await settle();
  }
}

/** Lets everything happen that needs no time. */
export const settle = async () => await new Promise((resolve) => setImmediate(resolve));

export interface Beginning {
  readonly desired?: "running" | "stopped";
  readonly agentStatus?: string;
  readonly adopted?: boolean;
  readonly history?: readonly Start[];
  /** After the end of what happened before, unless told otherwise. */
  readonly now?: number | undefined;
  /** Its daemon knows when it was suspended: each long `pass` of the clock is that. */
  readonly suspends?: boolean;
}

/** One role on mini: what its supervisor did to the world, in order, and the world's side of each process. */
class Mini {
  readonly clock: Hands;
  readonly did: string[] = [];
  readonly heard: BeatAnswer[] = [];
  /** The room refuses its starts. */
  refuses = false;
  /** What a process that is ended had printed. */
  words = "";
  cannotStart: Error | null = null;
  agent: WantedAgent = {
    roomId: "harbor-id",
    roomName: "harbor",
    role: "builder",
    desired: "running",
    harness: "demo",
    model: null,
    workingDir: "/srv/harbor",
    agentStatus: "offline",
    epoch: 0,
  };
  #taken = false;
  #exit: (exit: AgentExit) => void = () => {};
  #say: (message: FromAgent) => void = () => {};
  readonly supervisor: Supervisor;
  readonly finished: Promise<void>;

  /** What the next daemon would find of its starts. */
  kept: readonly Start[] = [];

  constructor(how: Beginning = {}) {
    const { desired = "running", agentStatus = "offline", history = [] } = how;
    this.clock = new Hands(how.now ?? history.at(-1)?.endedAt);
    this.agent = { ...this.agent, desired, agentStatus };
    const awake = new AwakeClock(this.clock);
    if (how.suspends === true) void awake.tick(() => Infinity, new AbortController().signal);
    this.supervisor = new Supervisor(
      this.agent,
      this.#effects(),
      how.suspends === true ? awake : this.clock,
      () => timing,
      history,
    );
    if (how.adopted === true) {
      this.agent = { ...this.agent, agentStatus: "live", epoch: 7 };
      this.supervisor.want(this.agent);
      this.supervisor.adopt(this.#process(7));
    }
    this.finished = this.supervisor.run();
  }

  take(): void {
    this.#taken = true;
    this.supervisor.want(null);
  }

  want(change: Partial<WantedAgent>): void {
    if (this.#taken) return;
    this.agent = { ...this.agent, ...change };
    this.supervisor.want(this.agent);
  }

  async join(): Promise<void> {
    this.#say({ kind: "joined", epoch: this.agent.epoch, holderId: "linus" });
    this.want({ agentStatus: "live" });
    await settle();
  }

  say(message: FromAgent): void {
    this.#say(message);
  }

  async exit(exit: AgentExit): Promise<void> {
    this.#exit(exit);
    await settle();
  }

  /** Everything that the supervisor did since the last look. */
  news(): string[] {
    return this.did.splice(0);
  }

  #process(epoch: number): Launched {
    const exited = new Promise<AgentExit>((resolve) => {
      this.#exit = resolve;
    });
    const process = {
      pid: 4711,
      marker: "m",
      exited,
      send: ({ answer }: { answer: BeatAnswer }) => void this.heard.push(answer),
      signal: (signal: NodeJS.Signals) => this.#exit({ code: null, signal, tail: "" }),
    };
    return { process, epoch, holderId: "linus" };
  }

  #effects(): Effects {
    return {
      launch: async (_agent, hear) => {
        this.did.push("launch");
        if (this.cannotStart !== null) throw this.cannotStart;
        if (this.refuses) return null;
        const epoch = this.agent.epoch + 1;
        this.#say = hear;
        this.want({ agentStatus: "restarting", epoch });
        return this.#process(epoch);
      },
      bury: async (_agent, gone, exit) => {
        this.did.push(`bury ${gone.epoch}: ${exit.signal ?? exit.code} ${exit.tail}`.trim());
        this.want({ agentStatus: "dead" });
      },
      end: async () => {
        this.did.push("end");
        const exit = { code: 0, signal: null, tail: this.words };
        this.#exit(exit);
        return exit;
      },
      leave: async (agent, reason) => {
        this.did.push(`leave ${agent.epoch}: ${reason}`);
        this.want({ agentStatus: "offline" });
      },
      giveUp: async (_agent, why) => {
        this.did.push(why);
        this.want({ agentStatus: "dead_failed_revive" });
      },
      remember: (_agent, history) => (this.kept = history),
      log: () => {},
    };
  }
}

/** A role whose supervisor has taken its first step; it is drained when the test ends. */
export async function mini(how: Beginning = {}): Promise<Mini> {
  const made = new Mini(how);
  onTestFinished(async () => {
    made.supervisor.drain();
    await made.finished;
  });
  await settle();
  return made;
}
