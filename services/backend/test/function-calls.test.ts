import { ConvexClient } from "convex/browser";
import type { FunctionReference, OptionalRestArgs } from "convex/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { api } from "../convex/_generated/api.js";
import { addRemote, handOff, newKey, openHarbor, sit, startRemote } from "./cast.ts";
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
async function openPage({ adaSecret }: Harbor): Promise<ConvexClient> {
  return await watch(
    exchanged(adaSecret),
    [api.auth.whoami, {}],
    [api.rooms.list, {}],
    [api.approvals.list, {}],
    [api.rooms.get, { room }],
    [api.rooms.getTeamReadiness, { room }],
    [api.tasks.list, { room, limit: 50 }],
    [api.approvals.list, { room }],
    [api.messages.list, { room, limit: 100 }],
  );
}

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

test("a month of five idle agents on one machine with one open page costs at most 0.30 million calls", async () => {
  const harbor = await openHarbor(home);
  const roles = ["planner", "builder", "reviewer", "tester", "writer"];
  const holders: Holder[] = [];
  for (const role of roles) {
    await addRemote(harbor, role);
    holders.push(await startRemote(harbor, role));
  }
  const page = await openPage(harbor);
  await watch(
    exchanged(harbor.machineSecret),
    [api.agents.forMachine, {}],
    [api.commands.forMachine, {}],
  );
  for (const { role, epoch, holderId } of holders) {
    const waiter = { room, role, holder: { epoch, holderId } };
    await watch(exchanged(harbor.adaSecret, { room, role }), [api.tasks.next, waiter]);
  }
  const before = total();
  await idle(harbor, holders);
  await page.mutation(api.auth.createCode, {});
  // Tokens last an hour: each of the seven programs exchanges anew and asks all it watches again.
  const watched = 8 + 2 + holders.length;
  const renewals = 2 * clients.length + watched;
  const month = (total() - before) * WINDOWS_A_MONTH + renewals * HOURS_A_MONTH;
  expect(month).toBeLessThanOrEqual(300_000);
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
