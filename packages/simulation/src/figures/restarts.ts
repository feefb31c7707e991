import type { Process } from "../machine/process.ts";
import type { World } from "../kernel/world.ts";
import type { Figure } from "./figure.ts";
import { onStage, startsSince } from "./stage.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A machine may start so many at once before its pace holds. */
const BURST = 10;

/** Agents whose process dies soon after each start. */
function crashing(world: World): void {
  world.onSpawn((spawned) => {
    const process = spawned as Process;
    if (process.start.program !== "agent-run/main.ts") return;
    world.agenda.after(2 * SECOND, () => process.receive("SIGKILL"));
  });
}

export async function crashLoop(): Promise<Figure[]> {
  const measured = await onStage(
    { timing: "fast", agents: 1 },
    async (stage) => {
      await stage.until(() => startsSince(stage, 0).length > 0, MINUTE, 100);
      await stage.pass(HOUR);
      return startsSince(stage, 0).length;
    },
    crashing,
  );
  return [
    {
      name: "starts of an agent that always crashes, in its first hour",
      measured,
      bound: 12,
      unit: "starts",
    },
  ];
}

export async function crashCrowd(): Promise<Figure[]> {
  const measured = await onStage(
    { timing: "fast", agents: 100 },
    async (stage) => {
      await stage.pass(4 * MINUTE);
      return busiest(startsSince(stage, 0).map(({ startedAt }) => startedAt));
    },
    crashing,
  );
  return [
    {
      name: "spawns in the busiest minute of 100 agents that always crash (one a second after a burst of ten)",
      measured,
      bound: BURST + 60,
      unit: "spawns",
    },
  ];
}

/** Starts in the busiest minute. */
function busiest(times: readonly number[]): number {
  return Math.max(
    0,
    ...times.map((from) => times.filter((at) => at >= from && at < from + MINUTE).length),
  );
}

/** Fifty people ask for the same agent, which was given up, in the same moment. */
export async function manyTriggers(): Promise<Figure[]> {
  let isCrashing = true;
  const { starts, done } = await onStage(
    { timing: "fast", agents: 1 },
    async (stage) => {
      const gaveUp = () =>
        stage.agents().some((one) => one["agentStatus"] === "dead_failed_revive");
      await stage.until(gaveUp, HOUR, SECOND);
      isCrashing = false;
      const from = stage.world.now;
      const to = { room: "harbor1", to: "builder1" };
      const sent = Array.from(
        { length: 50 },
        async (_, at) =>
          await stage.call("messages:send", { ...to, text: `please begin ${at}`, key: `${at}` }),
      );
      await stage.pass(30 * SECOND);
      const answers = await Promise.all(sent);
      if (answers.some(({ kind }) => kind !== undefined)) throw new Error("A message was refused.");
      return {
        starts: startsSince(stage, from).length,
        done: stage.agents().some(({ agentStatus }) => agentStatus === "working"),
      };
    },
    (world) => {
      world.onSpawn((spawned) => {
        const process = spawned as Process;
        if (process.start.program !== "agent-run/main.ts" || !isCrashing) return;
        world.agenda.after(2 * SECOND, () => process.receive("SIGKILL"));
      });
    },
  );
  return [
    {
      name: "starts by 50 triggers at once",
      measured: done ? starts : Infinity,
      bound: 1,
      unit: "starts",
    },
  ];
}
