import { expect, test } from "vitest";
import { EXIT } from "../errors.ts";
import type { AgentExit } from "./agent-process.ts";
import { mini, timing } from "./mini.fixture.ts";

test("an agent that ends because its room is out of reach is started again and not given up", async () => {
  const builder = await mini();
  const away: AgentExit = { code: EXIT.unreachable, signal: null, tail: "No backend answers." };
  for (let times = 0; times < 4; times += 1) {
    await builder.exit(away);
    await builder.clock.pass(timing.BACKOFF_MAX_MS);
  }
  expect(builder.agent.agentStatus).not.toBe("dead_failed_revive");
  expect(builder.news().filter((news) => news === "launch")).toHaveLength(5);
});
