import { fileURLToPath } from "node:url";
import type { Adapter } from "./adapter.ts";
import { childTurn } from "./child-turn.ts";

const PLANNER = fileURLToPath(new URL("../demo/planner.ts", import.meta.url));
const BUILDER = fileURLToPath(new URL("../demo/builder.ts", import.meta.url));
const TURN_MS = 5 * 60_000;

/**
 * Our scripted agents, real processes that use the real commands and need no model: the role `planner` plans, every
 * other role builds.
 */
export function demoAdapter(role: string): Adapter {
  const script = role === "planner" ? PLANNER : BUILDER;
  return {
    async open() {},
    async turn(_prompt, context) {
      const argv = [process.execPath, script] as const;
      return await childTurn(
        {
          name: `the demo's ${role}`,
          argv,
          input: context.request,
          timeoutMs: TURN_MS,
          environment: { MUSTER_TASK: context.taskId },
        },
        context,
      );
    },
  };
}
