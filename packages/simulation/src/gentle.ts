import { timingProfile } from "@muster/core";
import type { Computer } from "./machine/computer.ts";
import { CALM } from "./network/link.ts";
import type { Town } from "./town.ts";

const SECOND = 1_000;
/** A call that was under way when the trouble ended is given up after five seconds and tried again after four. */
const RETRY_MS = 9 * SECOND;
const MARGIN_MS = 1 * SECOND;

/**
 * How long anything may be silent without anybody's death: its lease, less the beat that was due when it fell silent and
 * the one try that was under way when it could be heard again.
 */
function longestSilence(timing: string): number {
  const { HEARTBEAT_TTL_MS, HEARTBEAT_INTERVAL_MS } = timingProfile(timing);
  return HEARTBEAT_TTL_MS - HEARTBEAT_INTERVAL_MS - RETRY_MS - MARGIN_MS;
}

/** Troubles that must kill nobody: one after the other, each shorter than `longestSilence`, with beats in between. */
export class Gentle {
  readonly #town: Town;
  readonly #random;
  readonly #longest: number;
  readonly #beat: number;
  #isOver = false;
  #mend: (() => void) | null = null;

  constructor(town: Town) {
    this.#town = town;
    this.#random = town.world.random.fork("gentle");
    this.#longest = longestSilence(town.plan.timing);
    this.#beat = timingProfile(town.plan.timing).HEARTBEAT_INTERVAL_MS;
    this.#next();
  }

  end(): void {
    this.#isOver = true;
    this.#mend?.();
    this.#mend = null;
  }

  #next(): void {
    const { agenda } = this.#town.world;
    agenda.after(this.#beat * this.#random.between(2, 6), () => {
      if (this.#isOver) return;
      if (!this.#town.isOpen) return this.#next();
      const ms = this.#longest * this.#random.between(0.1, 1);
      this.#mend = this.#begin(ms);
      agenda.after(ms, () => {
        this.#mend?.();
        this.#mend = null;
        if (!this.#isOver) this.#next();
      });
    });
  }

  /** Begins one trouble; answers what ends it. */
  #begin(ms: number): () => void {
    const random = this.#random;
    const { world, backend } = this.#town;
    const computer = random.pick(this.#town.computers);
    const { host } = computer;
    const say = (kind: string) => world.fault(`gentle ${kind}`, host.name, `${Math.round(ms)} ms`);
    switch (random.int(0, 7)) {
      case 0:
        say("weather");
        host.link.weather = { loss: random.between(0, 0.9), double: 0.3, slow: 0.3 };
        return () => (host.link.weather = { ...CALM });
      case 1:
        say("cut line");
        host.link.cut({ there: random.chance(0.3), back: random.chance(0.3) });
        return () => host.link.heal();
      case 2:
        say("sleep");
        host.suspend();
        return () => host.wake();
      case 3:
        world.fault("gentle freeze of the backend", "backend");
        backend.freeze();
        return () => backend.thaw();
      case 4:
        world.fault("gentle restart of the backend", "backend");
        backend.crash();
        return () => backend.restartAfter(0);
      case 5:
        say("clock");
        host.clock.offset += random.between(-600 * SECOND, 600 * SECOND);
        return () => {};
      case 6:
        return this.#freeze(computer);
      default:
        say("death of the daemon");
        computer.daemon?.receive("SIGKILL");
        return () => {};
    }
  }

  #freeze({ host }: Computer): () => void {
    const living = [...host.processes.values()].filter(
      ({ isAlive, start }) => isAlive && start.program !== "person",
    );
    if (living.length === 0) return () => {};
    const process = this.#random.pick(living);
    this.#town.world.fault("gentle pause", process.title);
    process.receive("SIGSTOP");
    return () => process.receive("SIGCONT");
  }
}
