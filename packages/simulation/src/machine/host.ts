import type { Appointment } from "../kernel/agenda.ts";
import type { Random } from "../kernel/random.ts";
import { BEGINNING } from "../kernel/world.ts";
import type { World } from "../kernel/world.ts";
import { Disk } from "./disk.ts";
import { Link } from "../network/link.ts";

const FIRST_PID = 101;

/** What a computer knows of a program that runs on it. */
interface Resident {
  readonly pid: number;
  readonly group: number;
  /** Runs `work` in it; later if it is frozen, never if it is gone. */
  deliver(work: () => void): void;
  vanish(): void;
}

/** A computer: its disk, its processes, its clock and its line to the backend. */
export class Host<Process extends Resident> {
  readonly name: string;
  readonly world: World;
  readonly random: Random;
  readonly disk = new Disk();
  readonly link: Link;
  readonly programs: ReadonlyMap<string, (process: Process) => Promise<number>>;
  readonly processes = new Map<number, Process>();
  /** How far its clock is ahead of the truth, in ms, and how much faster it runs. */
  clock = { offset: 0, drift: 0 };
  bootId: string;
  /** After the highest pid the count begins again. */
  highestPid = 32_768;
  #lastPid = 100;
  #suspendedAt: number | null = null;
  /** Time that it slept through. */
  #slept = 0;
  #late: { readonly dueIn: number; readonly run: () => void }[] = [];

  constructor(
    name: string,
    world: World,
    programs: ReadonlyMap<string, (process: Process) => Promise<number>>,
  ) {
    this.name = name;
    this.world = world;
    this.random = world.random.fork(name);
    this.programs = programs;
    this.link = new Link(name, world, this.random.fork("link"));
    this.bootId = `boot-${this.random.int(0, 2 ** 31)}`;
  }

  /** What its clock says: ms since the epoch. */
  get wallTime(): number {
    const { offset, drift } = this.clock;
    return BEGINNING + this.world.now * (1 + drift) + offset;
  }

  /** Since it was switched on, without the time that it slept. */
  get monotonicTime(): number {
    const slept =
      this.#slept + (this.#suspendedAt === null ? 0 : this.world.now - this.#suspendedAt);
    return (this.world.now - slept) * (1 + this.clock.drift) + 1;
  }

  get isSuspended(): boolean {
    return this.#suspendedAt !== null;
  }

  /** The lid is closed: nothing runs, timers stand, what arrives is late. */
  suspend(): void {
    this.#suspendedAt ??= this.world.now;
  }

  wake(): void {
    if (this.#suspendedAt === null) return;
    this.#slept += this.world.now - this.#suspendedAt;
    this.#suspendedAt = null;
    for (const { dueIn, run } of this.#late.splice(0)) this.world.agenda.after(dueIn, run);
  }

  /** Calls `run` in `process` after `delay` ms of this computer's time, unless the process is gone by then. */
  after(process: Process, delay: number, run: () => void): Appointment {
    const ms = delay / (1 + this.clock.drift);
    const appointment = this.world.agenda.after(ms, () => this.#due(process, appointment, run));
    return appointment;
  }

  #due(process: Process, appointment: Appointment, run: () => void): void {
    if (this.#suspendedAt === null)
      process.deliver(() => (appointment.cancelled ? undefined : run()));
    else {
      const dueIn = this.world.now - this.#suspendedAt;
      this.#late.push({ dueIn, run: () => this.#due(process, appointment, run) });
    }
  }

  /** Something from outside reaches a process; a computer that sleeps hears of it when it wakes. */
  reach(process: Process, run: () => void): void {
    if (this.#suspendedAt === null) process.deliver(run);
    else this.#late.push({ dueIn: 0, run: () => this.reach(process, run) });
  }

  /** A frozen process does what waited for it: before everything that reached it while the computer slept. */
  goOn(process: Process, waiting: readonly (() => void)[]): void {
    if (this.#suspendedAt === null) for (const work of waiting) this.after(process, 0, work);
    else {
      const first = waiting.map((work) => ({ dueIn: 0, run: () => this.reach(process, work) }));
      this.#late.unshift(...first);
    }
  }

  find(pid: number): Process | undefined {
    return this.processes.get(pid);
  }

  /** Everything that runs is gone at once; the disk keeps what was synced. */
  losePower(): void {
    for (const process of this.processes.values()) process.vanish();
    this.processes.clear();
    this.#late = [];
    this.#suspendedAt = null;
    this.disk.losePower(this.random);
    this.bootId = `boot-${this.random.int(0, 2 ** 31)}`;
  }

  /** The next pid that is nobody's, and no group's. */
  newPid(): number {
    const taken = new Set(this.processes.keys());
    for (const { group } of this.processes.values()) taken.add(group);
    this.highestPid = Math.max(this.highestPid, FIRST_PID + taken.size);
    do this.#lastPid = this.#lastPid >= this.highestPid ? FIRST_PID : this.#lastPid + 1;
    while (taken.has(this.#lastPid));
    return this.#lastPid;
  }

  /** The next process gets this pid, if nobody has it: the count has come around. */
  comeAroundTo(pid: number): void {
    this.#lastPid = pid - 1;
  }
}
