import { timingProfile } from "@muster/core";
import type { Figure } from "./figure.ts";
import { onStage, startsSince } from "./stage.ts";
import type { Stage } from "./stage.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const TRIES = 12;

/** How long a computer that vanished without a word counts as alive, for its agents and for itself. */
export async function silentDeaths(timing: "fast" | "standard"): Promise<Figure[]> {
  const { HEARTBEAT_TTL_MS, DAEMON_HEARTBEAT_TTL_MS } = timingProfile(timing);
  const worst = await onStage({ timing, agents: 2 }, async (stage) => {
    const host = stage.town.machines.get("mini1")?.host;
    let [agents, machine] = [0, 0];
    for (let at = 0; at < TRIES; at += 1) {
      await stage.until(() => stage.allReady(), 10 * MINUTE, SECOND);
      // Each time at another moment between two beats.
      await stage.pass(MINUTE + at * 2_310);
      host?.suspend();
      const from = stage.world.now;
      agents = Math.max(agents, (await dead(stage, from)) ?? Infinity);
      machine = Math.max(machine, (await gone(stage, from)) ?? Infinity);
      host?.wake();
    }
    return { agents, machine };
  });
  return [
    {
      name: `a silent death is seen (${timing})`,
      measured: worst.agents / SECOND,
      bound: HEARTBEAT_TTL_MS / SECOND + 1,
      unit: "s",
    },
    {
      name: `a machine that fell silent is seen (${timing})`,
      measured: worst.machine / SECOND,
      bound: DAEMON_HEARTBEAT_TTL_MS / SECOND + 1,
      unit: "s",
    },
  ];
}

async function dead(stage: Stage, from: number): Promise<number | null> {
  const done = () => stage.agents().every(({ agentStatus }) => agentStatus === "dead");
  const waited = await stage.until(done, 10 * MINUTE, 10);
  return waited === null ? null : stage.world.now - from;
}

async function gone(stage: Stage, from: number): Promise<number | null> {
  const done = () =>
    [...stage.ledger.all("machines")].every(({ daemonConnected }) => daemonConnected === false);
  const waited = await stage.until(done, 10 * MINUTE, 10);
  return waited === null ? null : stage.world.now - from;
}

/** A machine that slept: nothing is started anew, and it is healthy a beat after it woke. */
export async function suspension(timing: "fast" | "standard"): Promise<Figure[]> {
  const { HEARTBEAT_INTERVAL_MS } = timingProfile(timing);
  const { longest, restarts } = await onStage({ timing, agents: 4 }, async (stage) => {
    const host = stage.town.machines.get("mini1")?.host;
    await stage.until(() => stage.allReady(), 10 * MINUTE, SECOND);
    const from = stage.world.now;
    let slowest = 0;
    for (const minutes of [0.2, 1, 2, 5, 30, 240]) {
      await stage.pass(MINUTE + minutes * 777);
      host?.suspend();
      await stage.pass(minutes * MINUTE);
      host?.wake();
      const woke = stage.world.now;
      const healthy = () =>
        stage.allReady() &&
        [...stage.ledger.all("machines")].every(
          ({ daemonConnected }) => daemonConnected === true,
        ) &&
        [...stage.ledger.all("leases")].every(
          ({ renewedAt }) => (renewedAt as number) >= stage.ledger.now - (stage.world.now - woke),
        );
      slowest = Math.max(slowest, (await stage.until(healthy, 10 * MINUTE, 10)) ?? Infinity);
    }
    return { longest: slowest, restarts: startsSince(stage, from).length };
  });
  return [
    {
      name: `a machine that slept is healthy after waking (${timing})`,
      measured: longest / SECOND,
      bound: HEARTBEAT_INTERVAL_MS / SECOND + 2,
      unit: "s",
    },
    {
      name: `restarts by a machine that slept (${timing})`,
      measured: restarts,
      bound: 0,
      unit: "starts",
    },
  ];
}
