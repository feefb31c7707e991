import { expect, test } from "vitest";
import { AGENT_LABELS } from "./agent/labels.ts";
import { agentLifecycle } from "./agent/lifecycle.ts";
import { lifecyclePage } from "./diagram.ts";
import { TASK_LABELS } from "./task/labels.ts";
import { taskLifecycle } from "./task/lifecycle.ts";

test("docs/lifecycles/agent.md shows the agent's lifecycle as it is", async () => {
  await expect(
    lifecyclePage("The agent's lifecycle", agentLifecycle, AGENT_LABELS),
  ).toMatchFileSnapshot("../../../docs/lifecycles/agent.md");
});

test("docs/lifecycles/task.md shows the task's lifecycle as it is", async () => {
  await expect(
    lifecyclePage("The task's lifecycle", taskLifecycle, TASK_LABELS),
  ).toMatchFileSnapshot("../../../docs/lifecycles/task.md");
});
