import { ConvexClient } from "convex/browser";
import type { FunctionReference, OptionalRestArgs } from "convex/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { api } from "../convex/_generated/api.js";
import { addRemote, handOff, newKey, openHarbor, sit, startRemote, take } from "./cast.ts";
import type { Harbor, Holder } from "./cast.ts";
import { openLocalHome } from "./local-home.ts";
import type { LocalHome } from "./local-home.ts";

/** What is counted for: long enough for every period that anything has here. */
const WINDOW = 12 * 60_000;
const WINDOWS_A_MONTH = 30 * 24 * 5;
const HOURS_A_MONTH = 30 * 24;
const room = "harbor";

let home: LocalHome;
let clients: ConvexClient[];
beforeEach(async () => {
  home = await openLocalHome("standard");
  clients = [];
});
afterEach(async () => {
  await Promise.all(clients.map(async (client) => await client.close()));
  await home.close();
});

const total = () => Object.values(home.calls()).reduce((sum, count) => sum + count, 0);

type Query = FunctionReference<"query">;

/** Of documents, read and written. */
function bytes(): number {
  const { bytesRead, bytesWritten } = home.traffic();
  return bytesRead + bytesWritten;
}

/** A program with its sync socket, which watches these queries; resolves when each has answered. */
async function watch(
  token: () => Promise<string>,
  ...queries: [Query, OptionalRestArgs<Query>[0]][]
): Promise<ConvexClient> {
  const client = new ConvexClient(home.url(), { skipConvexDeploymentUrlCheck: true });
  clients.push(client);
  client.setAuth(token);
  await Promise.all(
    queries.map(
      async ([query, args]) =>
        await new Promise<void>((resolve, reject) => {
          client.onUpdate(query, args ?? {}, () => resolve(), reject);
        }),
    ),
  );
  return client;
}

/** What `auth.exchange` gives for the secret, each time it is asked. */
const exchanged = (secret: string, seat?: { room: string; role: string }) => async () => {
  const args = seat === undefined ? { secret } : { secret, seat };
  return (await home.nobody.action(api.auth.exchange, args)).token;
};

/** The queries that a page with an open room watches. */
const PAGE: [Query, OptionalRestArgs<Query>[0]][] = [
  [api.auth.whoami, {}],
  [api.rooms.list, {}],
  [api.approvals.list, {}],
  [api.notices.list, {}],
  [api.inbox.list, {}],
  [api.deliveries.outgoing, {}],
  [api.rooms.get, { room }],
  [api.rooms.getTeamReadiness, { room }],
  [api.schedules.list, { room }],
  [api.tasks.list, { room, limit: 50 }],
  [api.approvals.list, { room }],
  [api.messages.list, { room, limit: 100 }],
];

/** A window of a machine whose beats carry these agents, as its daemon beats them: when the answer says so. */
async function idle({ mini, machineEpoch, home: { advance } }: Harbor, holders: Holder[]) {
  const agents = holders.map(({ role, epoch, holderId }) => ({ room, role, epoch, holderId }));
  for (let passed = 0; passed < WINDOW;) {
    const beat = { epoch: machineEpoch, agents };
    const { answer, nextBeatMs } = await mini.mutation(api.machines.daemonHeartbeat, beat);
    expect(answer).toBe("ok");
    await advance(nextBeatMs);
    passed += nextBeatMs;
  }
}

const TEAM = ["planner", "builder", "reviewer", "tester", "writer"];

async function staff(harbor: Harbor): Promise<Holder[]> {
  const holders: Holder[] = [];
  for (const role of TEAM) {
    await addRemote(harbor, role);
    holders.push(await startRemote(harbor, role));
  }
  return holders;
}

type Month = { readonly calls: number; readonly bytes: number };

/** What a month costs in which these agents of one machine have nothing to do and one page is open. */
async function idleMonth(harbor: Harbor, holders: Holder[]): Promise<Month> {
  const opening = bytes();
  const page = await watch(exchanged(harbor.adaSecret), ...PAGE);
  await watch(
    exchanged(harbor.machineSecret),
    [api.agents.forMachine, {}],
    [api.commands.forMachine, {}],
  );
  for (const { role, epoch, holderId } of holders) {
    const waiter = { room, role, holder: { epoch, holderId } };
    await watch(exchanged(harbor.adaSecret, { room, role }), [api.tasks.next, waiter]);
  }
  const before = { calls: total(), bytes: bytes() };
  await idle(harbor, holders);
  await page.mutation(api.auth.createCode, {});
  // Tokens last an hour: each of the seven programs exchanges anew and asks all it watches again.
  const watched = PAGE.length + 2 + holders.length;
  const renewals = 2 * clients.length + watched;
  const idled = { calls: total() - before.calls, bytes: bytes() - before.bytes };
  return {
    calls: idled.calls * WINDOWS_A_MONTH + renewals * HOURS_A_MONTH,
    bytes: idled.bytes * WINDOWS_A_MONTH + (before.bytes - opening) * HOURS_A_MONTH,
  };
}

test("a month of five idle agents on one machine with one open page costs at most 0.30 million calls and 1 GB of documents read and written", async () => {
  const harbor = await openHarbor(home);
  const month = await idleMonth(harbor, await staff(harbor));
  expect(month.calls).toBeLessThanOrEqual(300_000);
  expect(month.bytes).toBeLessThanOrEqual(1e9);
});

test("the same month with five heartbeats that find nothing due stays within the same bound", async () => {
  const harbor = await openHarbor(home);
  const holders = await staff(harbor);
  await harbor.ada.mutation(api.schedules.configure, { room, on: true });
  for (const role of TEAM) {
    // More often than the half hour that people are offered, so that each ticks within the window.
    await harbor.ada.mutation(api.schedules.add, {
      room,
      role,
      name: `watch-${role}`,
      kind: "heartbeat",
      cadence: { type: "interval", everyMs: WINDOW / 2 },
      key: newKey(),
    });
  }
  const { calls } = await idleMonth(harbor, holders);
  const { items } = await harbor.ada.query(api.schedules.list, { room });
  expect(items.map(({ counts: { ticks, wakes } }) => ticks > 0 && wakes === 0)).toEqual(
    TEAM.map(() => true),
  );
  expect(calls).toBeLessThanOrEqual(300_000);
});

/** A token that is exchanged once: its program asks nothing again because it got a new one. */
async function lasting(token: () => Promise<string>): Promise<() => Promise<string>> {
  const held = await token();
  return async () => held;
}

const OK = TEAM.map(() => "ok");

test("beats that change nothing re-run no query of a page, a machine or those who wait", async () => {
  const harbor = await openHarbor(home);
  const { adaSecret, machineSecret, machineEpoch: epoch } = harbor;
  const holders = await staff(harbor);
  await harbor.send("plan", "planner");
  await Promise.all(holders.slice(0, 1).map(take));
  const page = await watch(await lasting(exchanged(adaSecret)), ...PAGE);
  const daemon = await watch(
    await lasting(exchanged(machineSecret)),
    [api.agents.forMachine, {}],
    [api.commands.forMachine, {}],
  );
  const seats = holders.map(({ role, epoch: of, holderId }) => ({
    room,
    role,
    epoch: of,
    holderId,
  }));
  const waiters = await Promise.all(
    seats.map(async (seat) => {
      const { role, epoch: of, holderId } = seat;
      const token = await lasting(exchanged(adaSecret, { room, role }));
      const waiting = { room, role, holder: { epoch: of, holderId } };
      return { seat, client: await watch(token, [api.tasks.next, waiting]) };
    }),
  );
  const before = home.calls();
  // Each over its own socket, whose answer comes after what the beat has changed for it; the page's last of all.
  for (let round = 0; round < 5; round += 1) {
    const carried = await daemon.mutation(api.machines.daemonHeartbeat, { epoch, agents: seats });
    const own: string[] = [];
    for (const { client, seat } of waiters)
      own.push((await client.mutation(api.participants.heartbeat, seat)).answer);
    expect([...carried.agents.map(({ answer }) => answer), ...own]).toEqual([...OK, ...OK]);
    await page.mutation(api.auth.createCode, {});
    await home.advance(10_000);
  }
  const { query, shared } = home.calls();
  expect({ query, shared }).toEqual({ query: before.query, shared: before.shared });
});

test("a month of a deployment that no daemon is connected to costs at most 50,000 calls", async () => {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  await sit(harbor, "planner");
  for (let sent = 0; sent < 20; sent += 1) await harbor.send("build", "builder");
  await harbor.mini.mutation(api.machines.disconnect, { epoch: harbor.machineEpoch });
  await home.advance(WINDOW);
  const before = total();
  await home.advance(WINDOW);
  const month = (total() - before) * WINDOWS_A_MONTH;
  expect(month).toBeLessThanOrEqual(50_000);
});

test("a task from its message to its completion costs at most eight calls", async () => {
  const harbor = await openHarbor(home);
  const planner = await sit(harbor, "planner");
  const TASKS = 20;
  const seat = { room, role: "planner" };
  const { caller, epoch, holderId } = planner;
  const waiting = { ...seat, holder: { epoch, holderId } };
  const waiter = await watch(exchanged(harbor.adaSecret, seat), [api.tasks.next, waiting]);
  const before = total();
  for (let sent = 0; sent < TASKS; sent += 1) {
    const message = { room, text: "plan", key: newKey() };
    const { taskId } = await harbor.ada.mutation(api.messages.send, message);
    const claim = { ...seat, epoch, taskId, holderId };
    const { token } = await caller.mutation(api.tasks.claim, claim);
    const held = { ...seat, epoch, taskId, token };
    await caller.mutation(api.tasks.start, held);
    await handOff(planner, held, "user");
  }
  await waiter.mutation(api.participants.heartbeat, {
    ...seat,
    epoch: planner.epoch,
    holderId: planner.holderId,
  });
  const perTask = (total() - before - 1) / TASKS;
  expect(perTask).toBeLessThanOrEqual(8);
});

test("work that queues up behind a waiting task asks nothing of those who wait for that task", async () => {
  const harbor = await openHarbor(home);
  const { epoch, holderId } = await sit(harbor, "planner");
  const seat = { room, role: "planner" };
  await harbor.send("plan", "planner");
  const waiting = { ...seat, holder: { epoch, holderId } };
  const waiter = await watch(exchanged(harbor.adaSecret, seat), [api.tasks.next, waiting]);
  const before = home.calls().query;
  for (let sent = 0; sent < 10; sent += 1) {
    await harbor.send("plan more", "planner");
    await waiter.mutation(api.participants.heartbeat, { ...seat, epoch, holderId });
  }
  // The client gets itself a second token meanwhile, and asks once more with that.
  expect(home.calls().query - before).toBeLessThanOrEqual(1);
});
