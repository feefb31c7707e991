import { isLive, timingProfile } from "@muster/core";
import { expect, test } from "vitest";
import type { SeatView } from "../src/output/roster.ts";
import { Campaign } from "./campaign.ts";
import { clockHindrance, falseClock } from "./false-clock.ts";
import { farMachine } from "./far-machine.ts";
import type { Muster } from "./muster.ts";

/** Leases that a busy computer keeps. */
const timing = timingProfile("fast");
/** Every lease has ended by then, unless it was renewed. */
const OUTLIVED_MS = timing.HEARTBEAT_TTL_MS + 5_000;
/** A lease, and a second until the deadline worker has seen that it ran out. */
const BOUND_MS = timing.HEARTBEAT_TTL_MS + 1_000;
const TASKS = 3;

const hindrance = clockHindrance();
if (hindrance !== undefined) {
  console.warn(`Not proven here: what clocks that differ do, because ${hindrance}`);
}

const isDown = (seat: SeatView) => !isLive(seat.agentStatus) || seat.machineConnected === false;

const CLOCKS = [
  { whose: "the backend's clock", how: "an hour behind all others", time: "-1h" },
  { whose: "the backend's clock", how: "an hour ahead of all others", time: "+1h" },
  { whose: "the backend's clock", how: "ten percent too fast", time: "+0 x1.1" },
  { whose: "a daemon's clock", how: "an hour ahead of all others", time: "+1h" },
  { whose: "a daemon's clock", how: "an hour behind all others", time: "-1h" },
] as const;

async function beginWith({ whose, time }: (typeof CLOCKS)[number]): Promise<Campaign> {
  const clock = falseClock(time);
  const [theirs, its] = whose === "the backend's clock" ? [clock, {}] : [{}, clock];
  const machine = async (muster: Muster) =>
    await farMachine(muster, { url: await muster.url(), under: [] }, its);
  const env = { MUSTER_TIMING: "fast", ...theirs };
  return await Campaign.begin({ role: "builder", agent: "demo", env, machine });
}

test.skipIf(hindrance !== undefined).concurrent.each(CLOCKS)(
  "with $whose $how, tasks are done once, nobody is seen as dead who lives, and who is silent is seen as dead in time",
  { timeout: 300_000 },
  async (clock) => {
    await using campaign = await beginWith(clock);
    const { pid } = await campaign.isReady();
    const falsely = campaign.timeUntil(isDown, AbortSignal.timeout(OUTLIVED_MS));
    const sent: string[] = [];
    while (sent.length < TASKS) {
      sent.push(await campaign.send(`Write poem ${sent.length}`));
      await campaign.isCompleted(sent.at(-1) ?? "");
    }
    expect(await falsely).toBeNull();
    await campaign.isStill(pid);

    process.kill(pid ?? 0, "SIGSTOP");
    const seenMs = await campaign.timeUntil(isDown, AbortSignal.timeout(2 * BOUND_MS));
    process.kill(pid ?? 0, "SIGCONT");
    await campaign.isReady();
    const orphans = await campaign.orphans();
    const { lost, duplicates } = await campaign.outcome(sent);
    console.log(
      `${clock.whose} ${clock.how}: silence seen after ${Math.round(seenMs ?? NaN)} ms (bound ${BOUND_MS})`,
    );
    expect({ lost, duplicates, orphans }).toEqual({ lost: [], duplicates: 0, orphans: [] });
    expect(await campaign.commits()).toBe(TASKS);
    expect(seenMs ?? Infinity).toBeLessThan(BOUND_MS);
  },
);
