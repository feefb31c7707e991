import { isLive, timingProfile } from "@muster/core";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { amountOf } from "../../../scripts/amount.mjs";
import type { SeatView } from "../src/output/roster.ts";
import { Campaign, spread } from "./campaign.ts";
import { farMachine } from "./far-machine.ts";
import { openLink } from "./link.ts";
import type { Muster } from "./muster.ts";
import type { Link, Way } from "./ways.ts";

/** How often each way is cut; `MUSTER_CUTS=100` for the long campaign. */
const CUTS = amountOf("MUSTER_CUTS", process.env["MUSTER_CUTS"], 10);
const LATEST_MS = 1_500;
/** Longer than every lease; each cut lasts up to twice as long. */
const SHORTEST_MS = 2_000;

const timing = timingProfile("test");
/** A lease, and a second until the deadline worker has seen that it ran out. */
const BOUND_MS = timing.DAEMON_HEARTBEAT_TTL_MS + 1_000;

const isGone = (seat: SeatView) => !isLive(seat.agentStatus) && seat.machineConnected === false;
const isWell = (seat: SeatView) => isLive(seat.agentStatus) && seat.machineConnected === true;

const WAYS: readonly { readonly name: string; readonly ways: readonly Way[] }[] = [
  { name: "in both ways", ways: ["there", "back"] },
  { name: "on the way to the backend", ways: ["there"] },
  { name: "on the way back from the backend", ways: ["back"] },
];

interface Cut {
  readonly goneMs: number | null;
  readonly wellMs: number | null;
}

/** Two tasks, one of them sent into the dark, a link cut at a random moment of the first, and all well again. */
async function cutOnce(campaign: Campaign, link: Link, ways: readonly Way[], sent: string[]) {
  const never = AbortSignal.timeout(60_000);
  sent.push(await campaign.send(`Write poem ${sent.length}`));
  await sleep(Math.random() * LATEST_MS);
  link.cut(...ways);
  const gone = campaign.timeUntil(isGone, never);
  sent.push(await campaign.send(`Write poem ${sent.length}`));
  await sleep(SHORTEST_MS * (1 + Math.random()));
  const goneMs = await gone;
  link.mend();
  const wellMs = await campaign.timeUntil(isWell, never);
  for (const taskId of sent.slice(-2)) await campaign.isCompleted(taskId);
  return { goneMs, wellMs };
}

test.concurrent.each(WAYS)(
  "a machine whose link is cut $name is seen as gone in time, and goes on with the same agent: nothing lost, nothing twice",
  { timeout: 60_000 * (CUTS + 2) },
  async ({ name, ways }) => {
    await using links = new AsyncDisposableStack();
    const laid = Promise.withResolvers<Link>();
    const machine = async (muster: Muster) => {
      const link = links.use(await openLink(await muster.url()));
      laid.resolve(link);
      return await farMachine(muster, link);
    };
    await using campaign = await Campaign.begin({ role: "builder", agent: "demo", machine });
    const link = await laid.promise;
    const { pid } = await campaign.isReady();
    const sent: string[] = [];
    const cuts: Cut[] = [];
    while (cuts.length < CUTS) {
      cuts.push(await cutOnce(campaign, link, ways, sent));
      await campaign.isStill(pid);
    }

    const orphans = await campaign.orphans();
    const { lost, duplicates } = await campaign.outcome(sent);
    console.log(
      [
        `a link cut ${name}, ${CUTS} times: lost ${lost.length}, duplicates ${duplicates}, orphans ${orphans.length}`,
        `  seen as gone ${spread(cuts.map(({ goneMs }) => goneMs))}, bound ${BOUND_MS} ms`,
        `  well again ${spread(cuts.map(({ wellMs }) => wellMs))}`,
      ].join("\n"),
    );
    expect({ lost, duplicates, orphans }).toEqual({ lost: [], duplicates: 0, orphans: [] });
    expect(await campaign.commits()).toBe(sent.length);
    expect(Math.max(...cuts.map(({ goneMs }) => goneMs ?? Infinity))).toBeLessThan(BOUND_MS);
  },
);
