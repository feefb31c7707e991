import type { Figure } from "./figure.ts";
import { onStage } from "./stage.ts";

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;

/** A week in which a heartbeat ticks every half hour and nothing is due: what it costs in turns of a model. */
export async function idleWeek(): Promise<Figure[]> {
  const { turns, ticks } = await onStage({ timing: "standard", agents: 1 }, async (stage) => {
    await stage.until(() => stage.allReady(), 5 * MINUTE, 1_000);
    const schedule = { room: "harbor1", role: "builder1", name: "heartbeat", kind: "heartbeat" };
    const cadence = { type: "interval", everyMs: 30 * MINUTE };
    const asked = [
      stage.call("schedules:configure", { room: "harbor1", on: true }),
      stage.call("schedules:add", { ...schedule, cadence, key: "heartbeat" }),
    ];
    await stage.pass(WEEK);
    const refused = (await Promise.all(asked)).find(({ kind }) => kind !== undefined);
    if (refused !== undefined) throw new Error(`The schedule was refused: ${refused.kind}`);
    return {
      turns: stage.spawned.filter(({ start }) => start.program === "/usr/bin/harness").length,
      ticks: [...stage.ledger.all("scheduleStates")].map(
        ({ counts }) => (counts as { ticks: number }).ticks,
      ),
    };
  });
  const due = WEEK / (30 * MINUTE);
  return [
    { name: "model calls in an idle week", measured: turns, bound: 0, unit: "turns" },
    {
      name: `ticks of ${due} that an idle week left out`,
      measured: Math.max(0, due - (ticks[0] ?? 0)),
      bound: 1,
      unit: "ticks",
    },
  ];
}
