import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import type { World } from "../kernel/world.ts";
import type { Host } from "./host.ts";

/** Runs as the process that is current. Answers its exit code. */
export type Program = (process: Process) => Promise<number>;

/** A computer, as its programs know it. */
export type Machine = Host<Process>;

/** The process whose code runs, and all that follows from it. */
export const running = new AsyncLocalStorage<Process>();

export type Signal = "SIGTERM" | "SIGINT" | "SIGHUP" | "SIGKILL" | "SIGSTOP" | "SIGCONT";

export interface Exit {
  readonly code: number | null;
  readonly signal: Signal | null;
}

export interface Start {
  readonly program: string;
  /** What it is called in the trace. */
  readonly title: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly parent: Process | null;
  /** The leader of a process group of its own. */
  readonly detached: boolean;
  readonly input?: string;
  /** Ms from the start to the first line of the program, at least and at most. */
  readonly load: readonly [number, number];
  readonly hasChannel: boolean;
}

/** A running program: what the kernel of its computer knows of it, and what its code can see of itself. */
export class Process {
  readonly host: Machine;
  readonly pid: number;
  readonly start: Start;
  readonly env: NodeJS.ProcessEnv;
  /** What the code sees as `process.on`. */
  readonly events = new EventEmitter();
  readonly startedAt: number;
  readonly group: number;
  parent: Process | null;
  exit: Exit | null = null;
  /** Its parent has not looked at its end yet. */
  isZombie = false;
  /** SIGTERM means nothing to it. */
  isDeaf = false;
  /** It was told to end, and may take its time. */
  isAskedToEnd = false;
  isConnected: boolean;
  /** The state that modules of a program of its own would have. */
  readonly sockets = new Set<{ drop(): void }>();
  readonly output = new EventEmitter();
  readonly #ended: ((exit: Exit) => void)[] = [];
  readonly #disconnected: (() => void)[] = [];
  readonly #signalled: ((signal: Signal, from: Process) => void)[] = [];
  #message: ((message: unknown) => void) | null = null;
  #waiting: (() => void)[] | null = null;

  constructor(host: Machine, pid: number, start: Start) {
    this.host = host;
    this.pid = pid;
    this.start = start;
    this.env = { ...start.env };
    this.startedAt = host.world.now;
    this.parent = start.parent;
    this.group = start.detached || start.parent === null ? pid : start.parent.group;
    this.isConnected = start.hasChannel;
    this.events.setMaxListeners(0);
  }

  get title(): string {
    return `${this.host.name}/${this.start.title}`;
  }

  get world(): World {
    return this.host.world;
  }

  get isAlive(): boolean {
    return this.exit === null;
  }

  get isFrozen(): boolean {
    return this.#waiting !== null;
  }

  /** Runs `work` in it; later if it is frozen, never if it is gone. */
  deliver(work: () => void): void {
    if (!this.isAlive) return;
    if (this.#waiting !== null) this.#waiting.push(work);
    else
      running.run(this, () => {
        try {
          work();
        } catch (error) {
          this.break(error);
        }
      });
  }

  /** Something from outside arrives; later if its computer sleeps. */
  reach(arrive: () => void): void {
    this.host.reach(this, arrive);
  }

  /** Something that nobody in it has caught: it ends, unless it has asked to hear of that. */
  break(error: unknown): void {
    this.world.violate("crash", `${this.title}: ${(error as Error)?.stack ?? String(error)}`);
    this.end({ code: 1, signal: null });
  }

  async execute(program: Program): Promise<void> {
    let code: number;
    try {
      code = await program(this);
    } catch (error) {
      this.break(error);
      return;
    }
    this.end({ code, signal: null });
  }

  /** A syscall's answer: resolves after `ms` of its computer's time, or never if it is gone by then. */
  later<T>(ms: number, work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.host.after(this, ms, () => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** @param from the program that sends it; absent for what comes from outside of all programs */
  receive(signal: Signal, from?: Process): void {
    if (!this.isAlive) return;
    if (from !== undefined) for (const listener of this.#signalled) listener(signal, from);
    if (signal === "SIGKILL") return this.end({ code: null, signal });
    if (signal === "SIGSTOP") {
      this.#waiting ??= [];
      return;
    }
    if (signal === "SIGCONT") return this.#goOn();
    if (signal === "SIGTERM") this.isAskedToEnd = true;
    if (this.isDeaf) return;
    if (this.events.listenerCount(signal) === 0) {
      if (!this.isFrozen) this.end({ code: null, signal });
      else this.#waiting?.push(() => this.end({ code: null, signal }));
      return;
    }
    this.host.after(this, 0.1, () => void this.events.emit(signal, signal));
  }

  #goOn(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    this.host.goOn(this, waiting);
  }

  /** Calls `listener` with each signal that a program sends it. */
  onSignal(listener: (signal: Signal, from: Process) => void): void {
    this.#signalled.push(listener);
  }

  /** Calls `listener` outside of it when it has ended. */
  onEnd(listener: (exit: Exit) => void): void {
    this.#ended.push(listener);
  }

  onDisconnect(listener: () => void): void {
    this.#disconnected.push(listener);
  }

  /** What it says over its channel goes to `listener`, called outside of it. */
  onMessage(listener: (message: unknown) => void): void {
    this.#message = listener;
  }

  say(message: unknown): void {
    if (this.isConnected && this.isAlive) this.#message?.(sent(message));
  }

  hear(message: unknown): void {
    const copy = sent(message);
    this.host.after(this, 0.1, () => void this.events.emit("message", copy));
  }

  disconnect(): void {
    if (!this.isConnected) return;
    this.isConnected = false;
    for (const listener of this.#disconnected) listener();
  }

  end(exit: Exit): void {
    if (!this.isAlive) return;
    this.exit = exit;
    this.world.note(this.title, `ends (pid ${this.pid}, ${exit.signal ?? exit.code})`);
    this.#waiting = null;
    this.disconnect();
    for (const socket of Array.from(this.sockets)) socket.drop();
    for (const child of this.host.processes.values()) {
      if (child.parent !== this) continue;
      child.parent = null;
      child.disconnect();
      if (child.isZombie) child.reap();
    }
    this.isZombie = this.parent !== null;
    if (!this.isZombie) this.reap();
    for (const listener of this.#ended) listener(exit);
  }

  /** Its parent knows of its end: its pid is free. */
  reap(): void {
    this.isZombie = false;
    this.host.processes.delete(this.pid);
  }

  /** The power is gone: nobody hears of its end. */
  vanish(): void {
    if (!this.isAlive) return;
    this.exit = { code: null, signal: "SIGKILL" };
    this.#waiting = null;
    for (const socket of Array.from(this.sockets)) socket.drop();
    for (const listener of this.#ended) listener(this.exit);
  }
}

/** Starts a program. @throws when its computer has none of that name */
export function launch(host: Machine, given: Start): Process {
  const run = host.programs.get(given.program);
  if (run === undefined) throw new Error(`No such program: ${given.program}`);
  const process = new Process(host, host.newPid(), given);
  host.processes.set(process.pid, process);
  host.world.note(process.title, `starts (pid ${process.pid})`);
  host.world.spawned(process);
  host.after(process, host.random.between(...given.load), () => void process.execute(run));
  return process;
}

/** A message as it leaves a channel: JSON, as Node writes it. */
function sent(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message));
}
