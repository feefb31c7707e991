import { setTimeout as sleep } from "node:timers/promises";
import { figuresOf, repeat } from "./figure.ts";
import type { Figure, Run } from "./figure.ts";
import { ServerProcess } from "./server-process.ts";

const IDLE_MS = 3_000;

/** Resident memory of a server that nobody has asked anything yet. */
export async function measureMemory(runs: number): Promise<Figure[]> {
  const resident = { resident: "MB" } as const;
  return [
    ...figuresOf(
      { work: "the runtime alone, idle", durable: null },
      resident,
      await repeat(runs, async () => await idle(ServerProcess.runtime())),
    ),
    ...figuresOf(
      { work: "muster up, idle", durable: null },
      resident,
      await repeat(runs, async () => await idle(ServerProcess.muster())),
    ),
  ];
}

async function idle(begun: Promise<ServerProcess>): Promise<Run> {
  await using server = await begun;
  await sleep(IDLE_MS);
  return { resident: server.memory() };
}
