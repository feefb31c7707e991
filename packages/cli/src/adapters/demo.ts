import { HEARTBEAT_GREETING } from "@muster/core/schedule/heartbeat-file";
import { fileURLToPath } from "node:url";
import type { Adapter, Place } from "./adapter.ts";
import { processPerTurn } from "./process-per-turn.ts";

const PLANNER = fileURLToPath(new URL("../demo/planner.ts", import.meta.url));
const BUILDER = fileURLToPath(new URL("../demo/builder.ts", import.meta.url));
const WATCHER = fileURLToPath(new URL("../demo/watcher.ts", import.meta.url));
const TURN_MS = 5 * 60_000;

/**
 * Our scripted agents, real processes that use the real commands and need no model: the role `planner` plans, every
 * other role builds, and each of them watches when it has a heartbeat.
 */
export function demoAdapter(role: string, place: Place): Adapter {
  const script = role === "planner" ? PLANNER : BUILDER;
  const demo = {
    check: () => Promise.resolve(),
    turnOf: (_prompt: string, turn: { request: string; taskId: string }) => ({
      name: `the demo's ${role}`,
      argv: [
        process.execPath,
        turn.request.startsWith(HEARTBEAT_GREETING) ? WATCHER : script,
      ] as const,
      input: turn.request,
      timeoutMs: TURN_MS,
      environment: { MUSTER_TASK: turn.taskId },
    }),
  };
  return processPerTurn(demo, place);
}
