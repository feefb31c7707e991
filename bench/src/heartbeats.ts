import { ConvexClient } from "convex/browser";
import type { ConvexHttpClient } from "convex/browser";
import { another, api, newKey, signIn } from "./caller.ts";
import { figuresOf, repeat } from "./figure.ts";
import type { Figure, Run } from "./figure.ts";
import { keepBusy } from "./load.ts";
import { ServerProcess } from "./server-process.ts";
import { TransitionCount } from "./transitions.ts";

const room = "harbor";
const AGENTS = 10;
const OUTSTANDING = 16;
const BEATS = 1_000;
const UNITS = { "agent beats": "/s", p50: "ms", p99: "ms", "updates per beat": "" } as const;

/** One agent that sits in its role and can beat for itself. */
interface Seat {
  readonly role: string;
  readonly epoch: number;
  readonly holderId: string;
  readonly token: string;
}

/**
 * Beats that change nothing but the lease, while a person's page watches: from agents that beat for themselves, and from a
 * machine whose beat carries ten agents. No update may reach the page.
 */
export async function measureHeartbeats(runs: number): Promise<Figure[]> {
  await using server = await ServerProcess.muster();
  const person = await signIn(server.url, server.secret("person"));
  const machine = await signIn(server.url, server.secret("machine"));
  const roles = Array.from({ length: AGENTS }, (_, at) => `role-${at}`);
  await person.client.mutation(api.rooms.create, { name: room, team: roles, key: newKey() });
  const { machineId, epoch } = await machine.client.mutation(api.machines.register, {
    name: "mini",
    os: "linux",
    harnesses: [{ name: "demo", version: "1" }],
    daemonVersion: "0.1.0",
  });
  const seats: Seat[] = [];
  for (const role of roles) {
    const agent = { room, role, type: "remote", harness: "demo", machineId } as const;
    await person.client.mutation(api.agents.add, agent);
    seats.push(await sit(server.url, machine.client, role));
  }
  const page = await Page.open(server.url, person.token);
  const agents = await repeat(runs, async () => await agentBeats(server.url, seats, page));
  const held = seats.map(({ role, epoch: of, holderId }) => ({ room, role, epoch: of, holderId }));
  const machines = await repeat(runs, async () => {
    const clients = lanesOf(server.url, () => machine.token);
    return await beats(page, AGENTS, async (lane) => {
      await clients[lane]?.mutation(api.machines.daemonHeartbeat, { epoch, agents: held });
    });
  });
  await page.close();
  return [
    ...figuresOf(
      { work: `agents beat for themselves, ${OUTSTANDING} outstanding`, durable: true },
      UNITS,
      agents,
    ),
    ...figuresOf(
      {
        work: `a machine's beat carries ${AGENTS} agents, ${OUTSTANDING} outstanding`,
        durable: true,
      },
      UNITS,
      machines,
    ),
  ];
}

async function sit(url: string, machine: ConvexHttpClient, role: string): Promise<Seat> {
  const event = { type: "restart_initiated" } as const;
  const started = await machine.mutation(api.participants.updateAgentStatus, {
    room,
    role,
    epoch: 0,
    event,
  });
  const { client, token } = await signIn(url, started.agentSecret ?? "");
  const holderId = `holder-${role}`;
  const { epoch } = await client.mutation(api.participants.join, {
    room,
    role,
    holderId,
    epoch: started.epoch,
  });
  return { role, epoch, holderId, token };
}

async function agentBeats(url: string, seats: readonly Seat[], page: Page): Promise<Run> {
  const clients = lanesOf(url, (lane) => seats[lane % seats.length]?.token ?? "");
  return await beats(page, 1, async (lane) => {
    const seat = seats[lane % seats.length];
    if (seat === undefined) return;
    const { role, epoch, holderId } = seat;
    await clients[lane]?.mutation(api.participants.heartbeat, { room, role, epoch, holderId });
  });
}

function lanesOf(url: string, tokenOf: (lane: number) => string): ConvexHttpClient[] {
  return Array.from({ length: OUTSTANDING }, (_, lane) => another(url, tokenOf(lane)));
}

async function beats(
  page: Page,
  perCall: number,
  beat: (lane: number) => Promise<unknown>,
): Promise<Run> {
  const before = page.updates;
  const load = { outstanding: OUTSTANDING, count: BEATS };
  const { rate = Number.NaN, p50 = Number.NaN, p99 = Number.NaN } = await keepBusy(load, beat);
  const updates = (page.updates - before) / (BEATS * perCall);
  return { "agent beats": rate * perCall, p50, p99, "updates per beat": updates };
}

/** The subscriptions of a dashboard that shows the room. */
class Page {
  readonly #client: ConvexClient;
  readonly #count: TransitionCount;

  private constructor(client: ConvexClient, count: TransitionCount) {
    this.#client = client;
    this.#count = count;
  }

  static async open(url: string, token: string): Promise<Page> {
    const count = new TransitionCount();
    const client = new ConvexClient(url, {
      skipConvexDeploymentUrlCheck: true,
      logger: false,
      webSocketConstructor: count.socket,
    });
    client.setAuth(async () => token);
    const shown = Promise.withResolvers<void>();
    client.onUpdate(api.messages.list, { room }, () => {});
    client.onUpdate(api.tasks.list, { room }, () => {});
    client.onUpdate(api.machines.list, {}, () => {});
    client.onUpdate(api.rooms.getTeamReadiness, { room }, () => shown.resolve());
    await shown.promise;
    if (count.seen === 0) throw new Error("The page was shown, but no update was counted.");
    return new Page(client, count);
  }

  /** Transitions of the socket since it was opened. */
  get updates(): number {
    return this.#count.seen;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
