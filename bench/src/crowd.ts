import { ConvexClient } from "convex/browser";
import type { ConvexHttpClient } from "convex/browser";
import { api, newKey, signIn } from "./caller.ts";
import { figuresOf, spread } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { ServerProcess } from "./server-process.ts";

/** As many rooms and roles as make a hundred agents; a room has at most 32 roles. */
const ROOMS = 4;
const ROLES = 25;
/** Between two kills: the one before is back, and each meets another moment of the beats. */
const PAUSE_MS = 1_000;

type Team = { readonly items: readonly Seat[] };
type Seat = { readonly role: string; readonly agentStatus: string; readonly pid: number | null };

/**
 * A hundred agents of one daemon, all ready, and one subscriber per room. Each agent is killed once: from the SIGKILL of its process
 * until a subscriber of its room has its `dead`. Always one run: a machine starts one agent per second.
 */
export async function measureCrowd(): Promise<Figure[]> {
  await using server = await ServerProcess.home();
  const { client, token } = await signIn(server.url, server.secret("person"));
  const rooms = await Promise.all(
    Array.from({ length: ROOMS }, async (_, at) => await found(client, `pier-${at}`)),
  );
  await using watch = new Watch(server.url, token);
  for (const room of rooms) watch.follow(room);
  await Promise.all(
    rooms.flatMap((room) => roles().map(async (role) => await watch.until(room, role, "ready"))),
  );
  const seen: number[] = [];
  for (const role of roles()) {
    for (const room of rooms) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (1 + Math.random())));
      const { pid } = await watch.until(room, role, "ready");
      const begun = performance.now();
      const dead = watch.until(room, role, "dead");
      process.kill(pid ?? 0, "SIGKILL");
      await dead;
      seen.push(performance.now() - begun);
    }
  }
  const work = `one of ${ROOMS * ROLES} agents of a machine is killed → a subscriber has it as dead (${seen.length} kills)`;
  return figuresOf({ work, durable: true }, { p50: "ms", p99: "ms" }, [spread(seen)]);
}

const roles = (): string[] => Array.from({ length: ROLES }, (_, at) => `role-${at}`);

async function found(client: ConvexHttpClient, room: string): Promise<string> {
  await client.mutation(api.rooms.create, { name: room, team: roles(), key: newKey() });
  const { items } = await client.query(api.machines.list, {});
  const machineId = items[0]?._id;
  if (machineId === undefined) throw new Error("There is no machine.");
  for (const role of roles()) {
    const agent = { room, role, type: "remote", harness: "demo", machineId } as const;
    await client.mutation(api.agents.add, agent);
  }
  return room;
}

/** All rooms as one subscriber has them. */
class Watch implements AsyncDisposable {
  readonly #client: ConvexClient;
  readonly #teams = new Map<string, readonly Seat[]>();
  readonly #looks = new Set<() => void>();

  constructor(url: string, token: string) {
    this.#client = new ConvexClient(url, { skipConvexDeploymentUrlCheck: true, logger: false });
    this.#client.setAuth(async () => token);
  }

  follow(room: string): void {
    this.#client.onUpdate(api.rooms.getTeamReadiness, { room }, ({ items }: Team) => {
      this.#teams.set(room, items);
      for (const look of this.#looks) look();
    });
  }

  async until(room: string, role: string, status: string): Promise<Seat> {
    const { promise, resolve } = Promise.withResolvers<Seat>();
    const look = (): void => {
      const seat = this.#teams.get(room)?.find((one) => one.role === role);
      if (seat?.agentStatus === status) resolve(seat);
    };
    this.#looks.add(look);
    look();
    return await promise.finally(() => this.#looks.delete(look));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
  }
}
