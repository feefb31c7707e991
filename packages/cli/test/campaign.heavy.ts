import { isLive } from "@muster/core";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { amountOf } from "../../../scripts/amount.mjs";
import { readCurrent } from "../src/backend/address.ts";
import { daemonStatus } from "../src/daemon/index.ts";
import type { SeatView } from "../src/output/roster.ts";
import { Campaign, spread, type Blow } from "./campaign.ts";

/** Blows of each kind; a submission has to stand twenty. */
const BLOWS = amountOf("MUSTER_BLOWS", process.env["MUSTER_BLOWS"], 100);
/** Within it an agent is idle, takes its task, works and hands off. */
const LATEST_MS = 1_500;
/** Longer than a lease, and than the deadline worker needs to see that it ran out. */
const SUSPENSION_MS = 1_500;
const GUSTS = 3;
const LONG = 60_000 * BLOWS;

interface Victim {
  readonly name: string;
  readonly strike: (campaign: Campaign, pid: number) => Promise<void>;
  /** What a client that watches the room sees of the blow. */
  readonly seen: (seat: SeatView) => boolean;
  /** It sees that of every blow, however soon all is well again. */
  readonly always?: true;
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

async function backendOf({ muster }: Campaign): Promise<number> {
  const current = await readCurrent(muster.home);
  if (current === null) throw new Error("there is no backend");
  return current.pid;
}

/** A suspended process has all that it had, once it goes on. It may be replaced and ended meanwhile. */
async function suspend(pid: number, ms = SUSPENSION_MS): Promise<void> {
  try {
    process.kill(pid, "SIGSTOP");
    await sleep(ms);
    process.kill(pid, "SIGCONT");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Everybody is suspended again and again, at random moments and for random times, also together. */
async function storm(campaign: Campaign, agent: number): Promise<void> {
  const all = [agent, await daemonOf(campaign), await backendOf(campaign)];
  const gusts = all.map(async (pid) => {
    for (let gust = 0; gust < GUSTS; gust += 1) {
      await sleep(Math.random() * 200);
      await suspend(pid, Math.random() * SUSPENSION_MS);
    }
  });
  await Promise.all(gusts);
}

const VICTIMS: readonly Victim[] = [
  {
    name: "an agent that is killed",
    strike: async (_, pid) => void process.kill(pid, "SIGKILL"),
    seen: down,
    always: true,
  },
  {
    name: "an agent that is suspended past its lease",
    strike: async (_, pid) => await suspend(pid),
    seen: down,
  },
  {
    name: "a daemon that is killed",
    strike: async (campaign) => void process.kill(await daemonOf(campaign), "SIGKILL"),
    seen: away,
    mend: async ({ muster }) => await muster.run(["machine", "daemon", "start"]),
  },
  {
    name: "a daemon that is suspended past its lease",
    strike: async (campaign) => await suspend(await daemonOf(campaign)),
    seen: away,
  },
  {
    name: "a backend that is killed",
    strike: async (campaign) => {
      process.kill(await backendOf(campaign), "SIGKILL");
      await campaign.upAgain();
    },
    seen: () => false,
  },
  {
    name: "a storm of suspensions over agent, daemon and backend",
    strike: storm,
    seen: (seat) => down(seat) || away(seat),
  },
];

/** One task, somebody struck at a random moment of it, and all well again. */
async function blow(
  campaign: Campaign,
  { strike, seen, always, mend }: Victim,
  task: Promise<string>,
): Promise<Blow> {
  const taskId = await task;
  await sleep(Math.random() * LATEST_MS);
  const { pid } = await campaign.until(
    "seated",
    (seat) => seat.pid !== null && isLive(seat.agentStatus),
  );
  const over = new AbortController();
  const begun = performance.now();
  const noticed = campaign.timeUntil(seen, over.signal);
  await strike(campaign, pid ?? 0);
  if (always === true) await campaign.until("seen", seen);
  await mend?.(campaign);
  await campaign.isCompleted(taskId);
  await campaign.until("back", (seat) => seat.agentStatus === "ready" && !away(seat));
  const backMs = performance.now() - begun;
  over.abort();
  return { seenMs: await noticed, backMs };
}

test.concurrent.each(VICTIMS)(
  "$name at any moment loses no task, does none twice and leaves nothing behind",
  { timeout: LONG },
  async (victim) => {
    await using campaign = await Campaign.begin({ role: "builder", agent: "demo" });
    const sent: string[] = [];
    const blows: Blow[] = [];
    while (blows.length < BLOWS) {
      await campaign.isReady();
      const task = campaign.send(`Write poem ${blows.length}`);
      blows.push(await blow(campaign, victim, task));
      sent.push(await task);
    }

    const orphans = await campaign.orphans();
    const { lost, duplicates } = await campaign.outcome(sent);
    tell(victim.name, blows, { lost: lost.length, duplicates, orphans: orphans.length });
    expect({ lost, duplicates, orphans }).toEqual({ lost: [], duplicates: 0, orphans: [] });
    expect(await campaign.commits()).toBe(BLOWS);
  },
);

function tell(name: string, blows: readonly Blow[], rest: Readonly<Record<string, number>>): void {
  const counts = Object.entries(rest).map(([what, count]) => `${what} ${count}`);
  console.log(
    [
      `${name}, ${blows.length} blows: ${counts.join(", ")}`,
      `  seen ${spread(blows.map(({ seenMs }) => seenMs))}`,
      `  back ${spread(blows.map(({ backMs }) => backMs))}`,
    ].join("\n"),
  );
}

test.concurrent(
  "a waiter that is killed at any moment loses no message, and the next one has each of them once",
  { timeout: LONG },
  async () => {
    // No lease is to run out here: between two commands of a seat only a fast computer is faster than the test profile.
    const env = { MUSTER_TIMING: "fast" };
    await using campaign = await Campaign.begin({ role: "planner", agent: "nobody", env });
    const { muster, room } = campaign;
    const seat = ["--room", room, "--role", "planner"];
    const sent: string[] = [];
    const blows: Blow[] = [];
    while (blows.length < BLOWS) {
      const waiting = muster.start(["wait-for-task", ...seat]);
      await campaign.until("ready", ({ agentStatus }) => agentStatus === "ready");
      const [taskId] = await Promise.all([
        sleep(Math.random() * 100).then(async () => await campaign.send(`Plan ${blows.length}`)),
        sleep(Math.random() * 200).then(() => waiting.child.kill("SIGKILL")),
      ]);
      const begun = performance.now();
      const again = await muster.run(["wait-for-task", ...seat]);
      expect(again).toMatchObject({ exit: 0, data: { task: { id: taskId } } });
      expect(await muster.call(["task-started", ...seat])).toMatchObject({ exit: 0 });
      const done = ["handoff", ...seat, "--to", "user", "done"];
      expect(await muster.call(done)).toMatchObject({ exit: 0 });
      blows.push({ seenMs: null, backMs: performance.now() - begun });
      sent.push(taskId);
    }

    const { lost, duplicates } = await campaign.outcome(sent);
    tell("a waiter that is killed", blows, { lost: lost.length, duplicates });
    expect({ lost, duplicates }).toEqual({ lost: [], duplicates: 0 });
  },
);
