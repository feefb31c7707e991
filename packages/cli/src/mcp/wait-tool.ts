import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { Sitting } from "./sitting.ts";

/** The tools end a task as the commands in its text do. */
const BY_TOOLS =
  "In place of these commands you may call the tools of this server: report_progress, ask_human, handoff, then wait_for_task.";

/** … but for a schedule's, whose answer that tool strips and sends as it is meant. */
const TICK_BY_TOOLS =
  "In place of these commands call the tool heartbeat_respond of this server: notify false when nothing needs a person, notify true with what they have to know; then wait_for_task. Its tools report_progress and ask_human are yours, too.";

/** Gives what was asked for, or its refusal, as the answer of a tool. */
type Answer = (call: () => Promise<string>) => Promise<CallToolResult>;

/** Lets a program that a person runs take its work by a tool. */
export function offerWaiting(server: McpServer, sitting: Sitting, answer: Answer): void {
  server.registerTool(
    "wait_for_task",
    {
      title: "Wait for a task",
      description:
        "Sit down in your role and wait for its next task. It answers after 50 seconds at the latest; when there is nothing yet, call it again.",
    },
    async (extra) =>
      await answer(async () => {
        const task = await sitting.wait(extra.signal);
        if (task === null) return "Nothing yet. Call wait_for_task again.";
        return `${task.text}\n\n${task.from.kind === "system" ? TICK_BY_TOOLS : BY_TOOLS}`;
      }),
  );
}
