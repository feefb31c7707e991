import { isLive } from "@muster/core";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { readCurrent } from "../src/backend/address.ts";
import { daemonStatus } from "../src/daemon/index.ts";
import { AGENT_MARKER, environmentOf, findMarked } from "../src/daemon/marker.ts";
import type { SeatView } from "../src/output/roster.ts";
import { Campaign, spread, type Blow } from "./campaign.ts";

/** Blows of each kind; `MUSTER_KILLS=100` for the long campaign. */
const KILLS = Number(process.env["MUSTER_KILLS"] ?? 20);
/** Within it an agent is idle, takes its task, works and hands off. */
const LATEST_MS = 1_500;
/** Longer than a lease, and than the deadline worker needs to see that it ran out. */
const SUSPENSION_MS = 1_500;
const LONG = 60_000 * KILLS;

interface Victim {
  readonly name: string;
  readonly strike: (campaign: Campaign, pid: number) => Promise<void>;
  /** What a client that watches the room always sees of the blow. */
  readonly seen?: (seat: SeatView) => boolean;
  /** What a person does about it: the daemon comes back by itself, but ever more slowly. */
  readonly mend?: (campaign: Campaign) => Promise<unknown>;
}

const down = (seat: SeatView) => !isLive(seat.agentStatus);
const away = (seat: SeatView) => seat.machineConnected === false;

async function daemonOf({ muster }: Campaign): Promise<number> {
  const daemon = await daemonStatus(muster.home);
  if (daemon === null) throw new Error("there is no daemon");
  return daemon.pid;
}

/** A suspended process has all that it had, once it goes on. */
async function suspend(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  await sleep(SUSPENSION_MS);
  process.kill(pid, "SIGCONT");
}

const VICTIMS: readonly Victim[] = [
  {
    name: "an agent that is killed",
    strike: async (_, pid) => void process.kill(pid, "SIGKILL"),
    seen: down,
  },
  {
    name: "an agent that is suspended past its lease",
    strike: async (_, pid) => await suspend(pid),
  },
  {
    name: "a daemon that is killed",
    strike: async (campaign) => void process.kill(await daemonOf(campaign), "SIGKILL"),
    mend: async ({ muster }) => await muster.run(["machine", "daemon", "start"]),
  },
  {
    name: "a daemon that is suspended past its lease",
    strike: async (campaign) => await suspend(await daemonOf(campaign)),
  },
  {
    name: "a backend that is killed",
    strike: async (campaign) => {
      process.kill((await readCurrent(campaign.muster.home))?.pid ?? 0, "SIGKILL");
      await campaign.upAgain();
    },
  },
];

/** One task, somebody struck at a random moment of it, and all well again. */
async function blow(
  campaign: Campaign,
  { strike, seen, mend }: Victim,
  task: Promise<string>,
): Promise<Blow> {
  const taskId = await task;
  const { pid } = await campaign.until(
    "seated",
    (seat) => seat.pid !== null && isLive(seat.agentStatus),
  );
  await sleep(Math.random() * LATEST_MS);
  const begun = performance.now();
  const noticed = seen === undefined ? null : campaign.until("seen", seen);
  await strike(campaign, pid ?? 0);
  const seenMs = noticed === null ? null : await noticed.then(() => performance.now() - begun);
  await mend?.(campaign);
  await campaign.isCompleted(taskId);
  await campaign.until("back", (seat) => seat.agentStatus === "ready" && !away(seat));
  return { seenMs, backMs: performance.now() - begun };
}

test.each(VICTIMS)(
  "$name at any moment loses no task, does none twice and leaves nothing behind",
  { timeout: LONG },
  async (victim) => {
    await using campaign = await Campaign.begin("builder", "demo");
    const sent: string[] = [];
    const blows: Blow[] = [];
    while (blows.length < KILLS) {
      await campaign.isReady();
      const task = campaign.send(`Write poem ${blows.length}`);
      blows.push(await blow(campaign, victim, task));
      sent.push(await task);
    }
    const { pid } = await campaign.isReady();

    console.log(`${victim.name}: seen ${spread(blows.map(({ seenMs }) => seenMs))}`);
    console.log(`${victim.name}: back ${spread(blows.map(({ backMs }) => backMs))}`);
    expect(await campaign.outcome(sent)).toEqual({ lost: [], duplicates: 0 });
    expect(await campaign.commits()).toBe(KILLS);
    await leavesOnly(pid ?? 0, campaign);
  },
);

/** Of all that this machine's agents have started, the one that is seated now is left. */
async function leavesOnly(pid: number, { muster }: Campaign): Promise<void> {
  const ours = await findMarked("MUSTER_HOME", muster.home.root);
  const marked = await Promise.all(
    ours.map(async (process_) => {
      const environment = await environmentOf(process_.pid);
      return environment.some((entry) => entry.startsWith(`${AGENT_MARKER}=`))
        ? process_.pid
        : null;
    }),
  );
  expect(marked.filter((found) => found !== null)).toEqual([pid]);
}

test(
  "a waiter that is killed at any moment loses no message, and the next one has each of them once",
  { timeout: LONG },
  async () => {
    await using campaign = await Campaign.begin("planner", "nobody");
    const { muster, room } = campaign;
    const seat = ["--room", room, "--role", "planner"];
    const sent: string[] = [];
    const blows: Blow[] = [];
    while (blows.length < KILLS) {
      const waiting = muster.start(["wait-for-task", ...seat]);
      await campaign.until("ready", ({ agentStatus }) => agentStatus === "ready");
      const [taskId] = await Promise.all([
        sleep(Math.random() * 100).then(async () => await campaign.send(`Plan ${blows.length}`)),
        sleep(Math.random() * 200).then(() => waiting.child.kill("SIGKILL")),
      ]);
      const begun = performance.now();
      const again = await muster.run(["wait-for-task", ...seat]);
      expect(again).toMatchObject({ exit: 0, data: { task: { id: taskId } } });
      expect((await muster.call(["task-started", ...seat])).exit).toBe(0);
      expect((await muster.call(["handoff", ...seat, "--to", "user", "done"])).exit).toBe(0);
      blows.push({ seenMs: null, backMs: performance.now() - begun });
      sent.push(taskId);
    }

    console.log(`a waiter that is killed: back ${spread(blows.map(({ backMs }) => backMs))}`);
    expect(await campaign.outcome(sent)).toEqual({ lost: [], duplicates: 0 });
  },
);
