import { Agenda } from "./agenda.ts";
import { Random } from "./random.ts";
import { Trace } from "./trace.ts";

/** The date of every simulation's beginning: ms since the epoch. */
export const BEGINNING = Date.UTC(2026, 10, 20);

/** Time, chance and memory of one run. */
export class World {
  readonly agenda = new Agenda();
  readonly random: Random;
  readonly trace: Trace;
  /** How often each kind of fault happened. */
  readonly faults = new Map<string, number>();
  readonly violations: Violation[] = [];
  readonly #watchers: ((process: unknown) => void)[] = [];

  constructor(seed: number, print: ((line: string) => void) | null) {
    this.random = new Random(seed);
    this.trace = new Trace(print);
  }

  /** True time in ms since the beginning, which no computer of the simulation knows. */
  get now(): number {
    return this.agenda.now;
  }

  note(who: string, what: string): void {
    this.trace.add(this.now, who, what);
  }

  fault(kind: string, who: string, detail = ""): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
    this.note(who, `FAULT ${kind}${detail === "" ? "" : ` ${detail}`}`);
  }

  violate(rule: string, what: string): void {
    this.note("CHECK", `VIOLATION ${rule}: ${what}`);
    this.violations.push({ rule, what, at: this.now, trace: this.trace.last(60) });
  }

  /** Calls `watch` with each program that is started. */
  onSpawn(watch: (process: unknown) => void): void {
    this.#watchers.push(watch);
  }

  spawned(process: unknown): void {
    for (const watch of this.#watchers) watch(process);
  }
}

export interface Violation {
  /** I1 to I12, or `liveness`. */
  readonly rule: string;
  readonly what: string;
  readonly at: number;
  /** What happened last before it. */
  readonly trace: readonly string[];
}
