import type { Computer } from "./machine/computer.ts";
import type { Process } from "./machine/process.ts";
import { Random } from "./kernel/random.ts";
import { CALM } from "./network/link.ts";
import type { FaultKind } from "./plan.ts";
import type { Temper } from "./programs/harness.ts";
import { faultsOfBackend } from "./faults-of-backend.ts";
import type { Town } from "./town.ts";

export type Inject = () => void;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const SOON: Omit<Temper, "deaf"> = {
  turn: [200, 5_000],
  fails: 0,
  dies: 0,
  hangs: 0,
  leaves: 0,
  handsOff: 0,
  endsChain: 1,
  repeats: 0,
};

/** Breaks things in a town, each kind at its own rate, until it is told to stop; then everything is whole again. */
export class Faults {
  readonly #town: Town;
  readonly #random: Random;
  /** Each by itself, so that it changes nothing of what else fails. */
  readonly #strangers: Random;
  readonly #skippedCrons: Random;
  #isOver = false;
  /** Until when an agent's processes die young. */
  readonly #doomed = new Map<string, number>();

  constructor(town: Town) {
    this.#town = town;
    town.world.onSpawn((process) => this.#followDoomed(process as Process));
    this.#random = town.world.random.fork("faults");
    this.#strangers = new Random(`${town.plan.seed} strangers`);
    this.#skippedCrons = new Random(`${town.plan.seed} times of skipped crons`);
    const kinds: Record<FaultKind, Inject> = { ...this.#kinds(), ...faultsOfBackend(town) };
    for (const [kind, mean] of town.plan.faults) {
      const random = kind === "cron skipped" ? this.#skippedCrons : this.#random;
      this.#again(random, mean, kinds[kind]);
    }
  }

  #again(random: Random, mean: number, inject: Inject): void {
    this.#town.world.agenda.after(random.wait(mean), () => {
      if (this.#isOver) return;
      if (this.#town.isOpen) inject();
      this.#again(random, mean, inject);
    });
  }

  /** From here on nothing breaks, and what is broken is mended. */
  end(): void {
    this.#isOver = true;
    const { backend, computers } = this.#town;
    this.#town.world.note("FAULTS", "end");
    // Who asks whom for ever is ended by the loop guard, in time; here everybody answers the person soon.
    this.#town.temper = { ...this.#town.temper, ...SOON };
    backend.mend();
    for (const { host } of computers) {
      host.link.weather = { ...CALM };
      host.link.heal();
      host.disk.broken = null;
      host.clock = { offset: 0, drift: 0 };
      for (const process of host.processes.values()) process.receive("SIGCONT");
      host.wake();
    }
  }

  #followDoomed(process: Process): void {
    const { world } = this.#town;
    if (process.start.program !== "agent-run/main.ts") return;
    if (this.#isOver || (this.#doomed.get(agentOf(process)) ?? 0) < world.now) return;
    world.agenda.after(2 * SECOND, () => {
      if (this.#isOver || !process.isAlive) return;
      world.fault("dies young", process.title);
      process.receive("SIGKILL");
    });
  }

  /** Breaks something and mends it after a while; a run that ends mends it earlier. */
  #for(ms: number, mend: () => void): void {
    this.#town.world.agenda.after(ms, () => {
      if (!this.#isOver) mend();
    });
  }

  #kinds() {
    const random = this.#random;
    return {
      "bad weather": () => {
        const { host } = this.#computer("bad weather");
        host.link.weather = {
          loss: random.chance(0.5) ? random.between(0, 0.4) : 0,
          double: random.chance(0.5) ? random.between(0, 0.4) : 0,
          slow: random.chance(0.5) ? random.between(0, 0.3) : 0,
        };
        this.#for(random.between(SECOND, 5 * MINUTE), () => (host.link.weather = { ...CALM }));
      },
      "cut line": () => {
        const { host } = this.#computer("cut line");
        host.link.cut({ there: false, back: false });
        this.#for(random.between(SECOND, 4 * MINUTE), () => host.link.heal());
      },
      "one-way line": () => {
        const { host } = this.#computer("one-way line");
        const there = random.chance(0.5);
        host.link.cut({ there, back: !there });
        this.#for(random.between(SECOND, 4 * MINUTE), () => host.link.heal());
      },
      "agent killed": () => {
        const agent = this.#process("agent killed", "agent-run/main.ts");
        if (agent === null) return;
        // Some have something that kills each of their next lives, too.
        if (agent.pid % 3 === 0)
          this.#doomed.set(agentOf(agent), this.#town.world.now + 4 * MINUTE);
        agent.receive("SIGKILL");
      },
      "waiter killed": () => this.#kill("waiter killed", "muster"),
      "daemon killed": () => this.#kill("daemon killed", "daemon/main.ts"),
      "daemon asked to end": () => this.#signal("daemon asked to end", "daemon/main.ts", "SIGTERM"),
      "process frozen": () => {
        const process = this.#process("process frozen", null);
        if (process === null) return;
        process.receive("SIGSTOP");
        const ms = random.chance(0.5)
          ? random.between(0, 20 * SECOND)
          : random.between(0, 4 * MINUTE);
        this.#for(ms, () => process.receive("SIGCONT"));
      },
      "machine sleeps": () => this.#sleep([this.#computer("machine sleeps")]),
      "all sleep": () => {
        this.#town.world.fault("all sleep", "everybody");
        this.#town.backend.freeze();
        const ms = this.#sleep(this.#town.computers);
        this.#for(ms, () => this.#town.backend.thaw());
      },
      "power cut": () => {
        const computer = this.#machine("power cut");
        computer.losePower(random.between(SECOND, 3 * MINUTE));
      },
      "clock jumps": () => {
        const { host } = this.#computer("clock jumps");
        host.clock.offset += random.between(-10 * MINUTE, 10 * MINUTE);
      },
      "clock drifts": () => {
        const { host } = this.#computer("clock drifts");
        host.clock.drift = random.between(-0.02, 0.02);
      },
      "few pids": () => {
        const computer = this.#machine("few pids");
        computer.host.highestPid = 101 + computer.host.processes.size + random.int(1, 6);
        this.#replaceByStranger(computer);
      },
      "disk full": () => {
        const { host } = this.#computer("disk full");
        host.disk.broken = random.pick(["ENOSPC", "EIO"]);
        this.#for(random.between(SECOND, 30 * SECOND), () => (host.disk.broken = null));
      },
      "seat taken twice": () => {
        const agent = random.pick(this.#town.plan.agents);
        this.#town.world.fault("seat taken twice", agent.role);
        const seat = ["--room", agent.room, "--role", agent.role, "--timeout", "20"];
        const how = random.chance(0.5) ? ["--take-over"] : [];
        this.#town.desk.run("muster", `rival:${agent.role}`, [
          "muster",
          "wait-for-task",
          ...seat,
          ...how,
        ]);
      },
    };
  }

  /** A daemon ends, and one of its agents with all that it started; a stranger gets the pid of either before the next daemon looks. */
  #replaceByStranger(computer: Computer): void {
    const random = this.#strangers;
    const { daemon, host } = computer;
    const agents = [...host.processes.values()].filter(
      ({ isAlive, start }) => isAlive && start.program === "agent-run/main.ts",
    );
    if (daemon === null || agents.length === 0 || random.chance(0.5)) return;
    const agent = random.pick(agents);
    const { pid } = random.chance(0.8) ? agent : daemon;
    daemon.receive("SIGKILL");
    for (const one of host.processes.values())
      if (one.group === agent.group) one.receive("SIGKILL");
    host.comeAroundTo(pid);
    const stranger = computer.run("stranger", "stranger");
    this.#town.world.fault("stranger with a known pid", stranger.title, `pid ${stranger.pid}`);
  }

  #sleep(computers: readonly Computer[]): number {
    const ms = this.#random.chance(0.3)
      ? this.#random.between(MINUTE, 30 * MINUTE)
      : this.#random.between(SECOND, 2 * MINUTE);
    for (const { host } of computers) host.suspend();
    this.#for(ms, () => {
      for (const { host } of computers) host.wake();
    });
    return ms;
  }

  #kill(kind: string, program: string): void {
    this.#signal(kind, program, "SIGKILL");
  }

  #signal(kind: string, program: string, signal: "SIGKILL" | "SIGTERM"): void {
    this.#process(kind, program)?.receive(signal);
  }

  #computer(kind: string): Computer {
    const computer = this.#random.pick(this.#town.computers);
    this.#town.world.fault(kind, computer.host.name);
    return computer;
  }

  #machine(kind: string): Computer {
    const computer = this.#random.pick([...this.#town.machines.values()]);
    this.#town.world.fault(kind, computer.host.name);
    return computer;
  }

  /** A living process of a program, or of any but the person's; null when there is none. */
  #process(kind: string, program: string | null): Process | null {
    const all = this.#town.computers.flatMap(({ host }) => [...host.processes.values()]);
    const known = all.filter(
      ({ isAlive, start }) =>
        isAlive && (program === null ? start.program !== "person" : start.program === program),
    );
    if (known.length === 0) return null;
    const process = this.#random.pick(known);
    this.#town.world.fault(kind, process.title, `pid ${process.pid}`);
    return process;
  }
}

function agentOf({ env }: Process): string {
  return `${env["MUSTER_ROOM"]} ${env["MUSTER_ROLE"]}`;
}
