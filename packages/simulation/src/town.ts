import { Computer, URL_OF_BACKEND } from "./machine/computer.ts";
import type { Process, Program } from "./machine/process.ts";
import type { World } from "./kernel/world.ts";
import { Backend } from "./network/backend.ts";
import type { Plan } from "./plan.ts";
import { agentRun } from "./programs/agent-run.ts";
import { custom } from "./programs/custom.ts";
import { daemon } from "./programs/daemon.ts";
import { harness, stranger, survivor } from "./programs/harness.ts";
import type { Temper } from "./programs/harness.ts";
import { muster } from "./programs/muster.ts";
import { person } from "./programs/person.ts";
import type { Desk } from "./programs/person.ts";

/** All computers of a run, and the backend that they talk to. */
export class Town {
  readonly world: World;
  readonly plan: Plan;
  readonly backend: Backend;
  readonly machines = new Map<string, Computer>();
  readonly desk: Computer;
  readonly desks: Desk[] = [];
  /** The rooms are there, and people work in them. */
  isOpen = false;
  /** People start everything again that they want. */
  isStartingAll = false;
  /** Agents whose process ended because another one took its seat: by design only people start them again. */
  readonly displaced = new Set<string>();
  temper: Temper;

  constructor(world: World, plan: Plan) {
    this.world = world;
    this.plan = plan;
    this.temper = plan.temper;
    this.backend = new Backend(world, plan.timing);
    const teams = new Map(plan.rooms.map(({ name, team }) => [name, team]));
    const programs = new Map<string, Program>([
      ["daemon/main.ts", daemon],
      ["agent-run/main.ts", agentRun],
      [
        "/usr/bin/harness",
        harness(
          () => this.temper,
          (role) => colleagues(teams, role),
        ),
      ],
      ["survivor", survivor],
      ["stranger", stranger],
      ["muster", muster],
      ["custom", custom],
      ["person", person(this)],
    ]);
    for (const name of plan.machines) {
      this.machines.set(name, new Computer(name, world, programs, this.backend));
    }
    world.onSpawn((process) => this.#followSeat(process as Process));
    this.desk = new Computer("desk", world, programs, this.backend);
  }

  get computers(): Computer[] {
    return [...this.machines.values(), this.desk];
  }

  /** Everything is made and switched on. The world has to go on meanwhile. */
  async open(): Promise<void> {
    await this.backend.start();
    const harnesses = {
      harnesses: {
        script: { adapter: "command", argv: ["/usr/bin/harness"], timeoutMs: 30 * 60_000 },
      },
    };
    for (const [name, computer] of this.machines) {
      const made = await this.#bootstrap(name, name === this.plan.machines[0]);
      computer.keep("credentials/machine.json", {
        backend: URL_OF_BACKEND,
        secret: made.machineSecret,
      });
      computer.keep("harnesses.json", harnesses);
      if (made.personSecret === undefined) continue;
      this.desk.keep("credentials/person.json", {
        backend: URL_OF_BACKEND,
        secret: made.personSecret,
      });
    }
    for (const computer of this.machines.values()) computer.keepDaemon();
    this.desk.run("person", "ada");
  }

  #followSeat(process: Process): void {
    if (process.start.program !== "agent-run/main.ts") return;
    const { MUSTER_ROOM, MUSTER_ROLE } = process.start.env;
    const agent = `${MUSTER_ROOM} ${MUSTER_ROLE}`;
    this.displaced.delete(agent);
    process.onEnd(({ code }) => {
      if (code === 6) this.displaced.add(agent);
    });
  }

  async #bootstrap(machine: string, mintPerson: boolean) {
    const { engine } = this.backend.deployment;
    const outcome = await engine.mutation({
      path: "users:bootstrap",
      args: { owner: "ada", machine, mintPerson, mintMachine: true },
      identity: { kind: "admin" },
      caller: "internal",
    });
    if (!outcome.success) throw new Error(outcome.errorMessage);
    return outcome.value as { machineSecret: string; personSecret?: string };
  }

  /** Nothing of it is needed any more. */
  close(): void {
    this.backend.crash();
    this.backend.disk.dispose();
  }
}

function colleagues(
  teams: ReadonlyMap<string, readonly string[]>,
  role: string,
): readonly string[] {
  const team = [...teams.values()].find((roles) => roles.includes(role)) ?? [];
  return team.filter((other) => other !== role);
}
