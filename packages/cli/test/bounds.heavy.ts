import { isLive, timingProfile } from "@muster/core";
import type { Timing } from "@muster/core";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { amountOf } from "../../../scripts/amount.mjs";
import { daemonStatus } from "../src/daemon/index.ts";
import type { SeatView } from "../src/output/roster.ts";
import { Campaign, spread } from "./campaign.ts";
import { farMachine } from "./far-machine.ts";
import type { Muster } from "./muster.ts";

/** How often each silence is timed in each profile, all at once. */
const TIMES = amountOf("MUSTER_BOUNDS", process.env["MUSTER_BOUNDS"], 0, 0);
if (TIMES === 0) {
  console.warn(
    "Not proven here: the bounds of the fast and the standard profile by the wall clock. That takes minutes of waiting: MUSTER_BOUNDS=5.",
  );
}

interface Silence {
  readonly name: string;
  readonly agent: "demo" | "nobody";
  /** Begins it; answers how it ends. */
  readonly begin: (campaign: Campaign, pid: number) => Promise<() => void>;
  readonly seen: (seat: SeatView) => boolean;
  readonly ttl: "HEARTBEAT_TTL_MS" | "DAEMON_HEARTBEAT_TTL_MS";
}

const isDead = (seat: SeatView) => !isLive(seat.agentStatus);

function freeze(...pids: readonly number[]): () => void {
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  return () => pids.forEach((pid) => process.kill(pid, "SIGCONT"));
}

const SILENCES: readonly Silence[] = [
  {
    name: "a waiter that is killed",
    agent: "nobody",
    begin: async (_, pid) => {
      process.kill(pid, "SIGKILL");
      return await Promise.resolve(() => undefined);
    },
    seen: isDead,
    ttl: "HEARTBEAT_TTL_MS",
  },
  {
    name: "an agent that freezes beside its daemon",
    agent: "demo",
    begin: async (_, pid) => await Promise.resolve(freeze(pid)),
    seen: isDead,
    ttl: "HEARTBEAT_TTL_MS",
  },
  {
    name: "the agent of a machine that freezes",
    agent: "demo",
    begin: freezeMachine,
    seen: isDead,
    ttl: "HEARTBEAT_TTL_MS",
  },
  {
    name: "a machine that freezes",
    agent: "demo",
    begin: freezeMachine,
    seen: (seat) => seat.machineConnected === false,
    ttl: "DAEMON_HEARTBEAT_TTL_MS",
  },
];

async function freezeMachine({ machine }: Campaign, pid: number): Promise<() => void> {
  const daemon = await daemonStatus(machine.home);
  if (daemon === null) throw new Error("there is no daemon");
  return freeze(daemon.pid, pid);
}

/** A machine whose daemon nobody starts again. */
async function machineBeside(muster: Muster): Promise<Muster> {
  return await farMachine(muster, { url: await muster.url(), under: [] });
}

/** From a random moment between two beats until a client that watches the room sees it. */
async function timeOf({ agent, begin, seen }: Silence, profile: string, timing: Timing) {
  const env = { MUSTER_TIMING: profile };
  const how = agent === "demo" ? { machine: machineBeside } : {};
  await using campaign = await Campaign.begin({ role: "builder", agent, env, ...how });
  const pid = agent === "demo" ? (await campaign.isReady()).pid : await waiterOf(campaign);
  await sleep(timing.HEARTBEAT_INTERVAL_MS * (1 + Math.random()));
  const end = await begin(campaign, pid ?? 0);
  const seenMs = await campaign.timeUntil(seen, AbortSignal.timeout(200_000));
  end();
  return seenMs ?? Infinity;
}

async function waiterOf(campaign: Campaign): Promise<number | undefined> {
  const waiting = campaign.muster.start([
    "wait-for-task",
    "--room",
    campaign.room,
    "--role",
    "builder",
    "--timeout",
    "300",
  ]);
  await campaign.until("ready", ({ agentStatus }) => agentStatus === "ready");
  return waiting.child.pid;
}

test.skipIf(TIMES === 0).concurrent.each(["fast", "standard"] as const)(
  "in the %s profile whoever falls silent is seen as dead within the lease and a second, by the wall clock",
  { timeout: 600_000 },
  async (profile) => {
    const timing = timingProfile(profile);
    const timed = await Promise.all(
      SILENCES.map(async (silence) => {
        const once = async () => await timeOf(silence, profile, timing);
        const times = await Promise.all(Array.from({ length: TIMES }, once));
        const promisedMs = timing[silence.ttl] + 1_000;
        console.log(`${profile}: ${silence.name} is seen ${spread(times)}; promised ${promisedMs}`);
        return { name: silence.name, isLate: Math.max(...times) > promisedMs };
      }),
    );
    expect(timed.filter(({ isLate }) => isLate)).toEqual([]);
  },
);
