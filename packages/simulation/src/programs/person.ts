import type { Computer } from "../machine/computer.ts";
import type { Process } from "../machine/process.ts";
import type { Plan } from "../plan.ts";
import { setTimeout as sleep } from "../system/timers-promises.ts";
import { personCredential } from "./products.ts";
import { api, CliError, connect, homeOf } from "./products.ts";
import { URL_OF_BACKEND } from "../machine/computer.ts";

/** What somebody sees who looks at a room all the time. */
export interface Desk {
  readonly room: string;
  messages: unknown;
  team: unknown;
}

/** What ada knows of her town, and what she tells it. */
interface Surroundings {
  readonly plan: Plan;
  readonly backend: { readonly wallTime: number };
  readonly desk: Computer;
  readonly desks: Desk[];
  /** Set once the rooms are there. */
  isOpen: boolean;
  readonly isStartingAll: boolean;
  /** Agents that only people start again, `<room> <role>`. */
  readonly displaced: ReadonlySet<string>;
}

type Backend = ReturnType<typeof connect>;

const PATIENCE = { patienceMs: 60_000 };

/** ada: opens the rooms, adds the agents, then sends, stops, starts, cancels and watches until the run is over. */
export function person(town: Surroundings): (process: Process) => Promise<number> {
  return async (process) => {
    const { plan } = town;
    const home = homeOf(process.env);
    const credential = await personCredential(home, URL_OF_BACKEND);
    if (credential === null) return 4;
    const backend = connect({ home, credential });
    await until(async () => {
      const { items } = await backend.query(api.machines.list, {});
      return items.length === plan.machines.length && items.every(ready);
    });
    await openRooms(town, backend);
    for (const { name } of plan.rooms) town.desks.push(watch(backend, name));
    town.isOpen = true;
    const { random } = process.host;
    const end = plan.length;
    while (process.world.now < end) {
      await sleep(random.wait(plan.pace));
      await trying(async () => await act(town, backend, process));
    }
    while (!town.isStartingAll) await sleep(5_000);
    for (;;) {
      await trying(async () => await startAll(town, backend));
      await sleep(5 * 60_000);
    }
  };
}

/** What was given up, or lost its seat to somebody who has left it since, waits for people. */
async function startAll({ plan, displaced }: Surroundings, backend: Backend): Promise<void> {
  const { items: rooms } = await backend.query(api.rooms.list, {});
  for (const { name: room } of plan.rooms) {
    const id = rooms.find(({ name }) => name === room)?._id ?? "";
    const { items } = await backend.query(api.rooms.getTeamReadiness, { room });
    for (const { role, agentStatus, desired } of items) {
      const waits = agentStatus === "dead_failed_revive" || displaced.has(`${id} ${role}`);
      if (!waits || desired !== "running") continue;
      await backend.mutate(api.agents.start, { room, role }, PATIENCE);
    }
  }
}

function ready({ daemonConnected, harnesses }: { daemonConnected: boolean; harnesses: unknown[] }) {
  return daemonConnected && harnesses.length > 0;
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await done().catch(() => false)) return;
    await sleep(1_000);
  }
}

async function openRooms(town: Surroundings, backend: Backend): Promise<void> {
  const { plan } = town;
  const { items: machines } = await backend.query(api.machines.list, {});
  for (const { name, team } of plan.rooms) {
    const room = { name, team: [...team], key: `open ${name}` };
    await backend.mutate(api.rooms.create, room, PATIENCE);
  }
  for (const { room, role, machine } of plan.agents) {
    if (machine === null) {
      town.desk.run("custom", `custom:${role}`, ["custom", room, role]);
      continue;
    }
    const machineId = machines.find((one) => one.name === machine)?._id ?? "";
    const agent = { room, role, type: "remote", harness: "script", machineId } as const;
    await backend.mutate(api.agents.add, agent, PATIENCE);
  }
  for (const { room, role, name, cadence } of plan.schedules) {
    const schedule = {
      room,
      role,
      name,
      kind: "prompt" as const,
      cadence:
        cadence.type === "once"
          ? { type: cadence.type, at: Math.ceil(town.backend.wallTime + cadence.after) }
          : cadence,
      prompt: "look after the harbor",
      key: `schedule ${room} ${name}`,
    };
    await backend.mutate(api.schedules.add, schedule, PATIENCE);
    await backend.mutate(api.schedules.configure, { room, on: true }, PATIENCE);
  }
}

function ignore(): void {}

function watch(backend: Backend, room: string): Desk {
  const desk: Desk = { room, messages: null, team: null };
  backend.watch(api.messages.list, { room, limit: 100 }, (seen) => (desk.messages = seen), ignore);
  backend.watch(api.rooms.getTeamReadiness, { room }, (seen) => (desk.team = seen), ignore);
  return desk;
}

/** Refusals and a backend that is away are a part of people's lives. */
async function trying(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
  }
}

async function act(town: Surroundings, backend: Backend, process: Process): Promise<void> {
  const { random } = process.host;
  const { room, role } = random.pick(town.plan.agents);
  const dice = random.next();
  const say = (what: string) => process.world.note(process.title, `${what} ${room} ${role}`);
  if (dice < 0.7) {
    // Who is impatient says one thing after the other.
    for (let more = random.chance(0.3) ? random.int(1, 4) : 0; more >= 0; more -= 1) {
      const key = `${process.world.now}`;
      say("sends to");
      const message = { room, to: role, text: `please do ${key}`, key };
      await backend.mutate(api.messages.send, message, PATIENCE);
      if (more > 0) await sleep(random.between(100, 3_000));
    }
  } else if (dice < 0.76) {
    say("stops");
    await backend.mutate(api.agents.stop, { room, role }, PATIENCE);
  } else if (dice < 0.84) {
    say("starts");
    await backend.mutate(api.agents.start, { room, role }, PATIENCE);
  } else if (dice < 0.88) {
    say("restarts");
    await backend.mutate(api.agents.restart, { room, role }, PATIENCE);
  } else if (dice < 0.9) {
    say("kills");
    await backend.mutate(api.agents.kill, { room, role });
  } else {
    const { items } = await backend.query(api.tasks.list, { room });
    const open = items.filter(({ status }) => status !== "completed");
    const task = open.length === 0 ? undefined : random.pick(open);
    if (task === undefined) return;
    const { _id: taskId, status } = task;
    const retry = status === "dead_letter" || task.heldBy !== null;
    say(`${retry ? "retries" : "cancels"} a task (${status}) of ${task.role}, by`);
    await backend.mutate(retry ? api.tasks.retry : api.tasks.cancel, { room, taskId });
  }
}
