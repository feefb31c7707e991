import { another, api, newKey, signIn } from "./caller.ts";
import { figuresOf, repeat, spread } from "./figure.ts";
import type { Figure, Run } from "./figure.ts";
import { keepBusy, sharedNow } from "./load.ts";
import { ServerProcess } from "./server-process.ts";
import { WaiterProcess } from "./waiter-process.ts";
import type { Seat } from "./waiter.ts";

const SENDS = 500;
const AGENTS = 100;
const ROLES = 10;
const PRODUCERS = 32;
const TASKS = 1_000;

type Client = Awaited<ReturnType<typeof signIn>>["client"];

/**
 * From the call of `messages.send` to the acknowledged claim of the agent that it is for, one of a hundred that wait in another process: one
 * at a time, then from many producers, each of which sends its next when the last was claimed. Every task is then started and completed.
 */
export async function measureDelivery(runs: number): Promise<Figure[]> {
  await using server = await ServerProcess.muster();
  const { client, token } = await signIn(server.url, server.secret("person"));
  const seats = await seatsOf(client);
  using waiters = new WaiterProcess();
  await waiters.begin({ url: server.url, secret: server.secret("person"), seats });
  const busy = new Map<Seat, Promise<void>>();

  const deliver = async (sender: Client, at: number): Promise<number> => {
    const seat = seats[at % seats.length] as Seat;
    // An agent works on one task; the next would wait for that, and not for its delivery.
    const before = busy.get(seat);
    const done = Promise.withResolvers<void>();
    busy.set(seat, done.promise);
    await before;
    const sent = sharedNow();
    const message = { room: seat.room, to: seat.role, text: "Paint the boat.", key: newKey() };
    const { taskId } = await sender.mutation(api.messages.send, message);
    waiters.free(taskId).then(done.resolve, done.reject);
    return (await waiters.claimed(taskId)) - sent;
  };
  for (const at of seats.keys()) await deliver(client, at);
  const alone = await repeat(runs, async () => {
    const durations: number[] = [];
    for (let at = 0; at < SENDS; at += 1) {
      durations.push(await deliver(client, at));
      await Promise.all(busy.values());
    }
    return spread(durations);
  });
  const senders = Array.from({ length: PRODUCERS }, () => another(server.url, token));
  const together = await repeat(runs, async () => {
    const run = await sustained(senders, deliver);
    await Promise.all(busy.values());
    return run;
  });
  const work = `message sent → its agent in another process has claimed the task, ${AGENTS} agents waiting`;
  return [
    ...figuresOf(
      { work: `${work}, one at a time`, durable: true },
      { p50: "ms", p99: "ms" },
      alone,
    ),
    ...figuresOf(
      { work: `${work}, ${PRODUCERS} producers`, durable: true },
      { rate: "/s", p50: "ms", p99: "ms" },
      together,
    ),
  ];
}

async function seatsOf(person: Client): Promise<Seat[]> {
  const team = Array.from({ length: ROLES }, (_, at) => `role-${at}`);
  const rooms = Array.from({ length: AGENTS / ROLES }, (_, at) => `harbor-${at}`);
  for (const name of rooms) await person.mutation(api.rooms.create, { name, team, key: newKey() });
  return rooms.flatMap((room) => team.map((role) => ({ room, role })));
}

/** The rate counts tasks that were sent and claimed; the latencies leave out the wait for an agent that was still at work. */
async function sustained(
  senders: readonly Client[],
  deliver: (sender: Client, at: number) => Promise<number>,
): Promise<Run> {
  const durations: number[] = [];
  const load = { outstanding: senders.length, count: TASKS };
  const { rate = Number.NaN } = await keepBusy(load, async (lane, at) => {
    durations.push(await deliver(senders[lane] as Client, at));
  });
  return { rate, ...spread(durations) };
}
