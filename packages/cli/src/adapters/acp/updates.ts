import type {
  ContentBlock,
  SessionUpdate,
  ToolCallContent,
  ToolCallStatus,
  UsageUpdate,
} from "@agentclientprotocol/sdk";
import type { ToolStatus } from "@muster/core";
import type { TurnEvent } from "../adapter.ts";

const STATUS: Readonly<Record<ToolCallStatus, ToolStatus>> = {
  pending: "pending",
  in_progress: "running",
  completed: "done",
  failed: "failed",
};

interface ToolCall {
  title: string;
  status: ToolStatus;
}

/** The updates of one turn as events. Keeps only the tool calls, since a later update may leave out what it does not change. */
export class Updates {
  readonly #tools = new Map<string, ToolCall>();

  /** Whether a tool works right now: its program may be silent for as long as the tool needs. */
  get toolRuns(): boolean {
    return [...this.#tools.values()].some(({ status }) => status === "running");
  }

  /** Null for an update that means nothing for a room. */
  event(update: SessionUpdate): TurnEvent | null {
    switch (update.sessionUpdate) {
      case "agent_message_chunk":
        return spoken("text", update.content);
      case "agent_thought_chunk":
        return spoken("thought", update.content);
      case "tool_call":
      case "tool_call_update":
        return this.#tool(update);
      case "plan":
        return {
          kind: "plan",
          entries: update.entries.map(({ content, status }) => ({ text: content, status })),
        };
      case "usage_update":
        return costOf(update.cost);
      default:
        return null;
    }
  }

  #tool(update: {
    readonly toolCallId: string;
    readonly title?: string | null;
    readonly status?: ToolCallStatus | null;
    readonly content?: readonly ToolCallContent[] | null;
  }): TurnEvent {
    const id = update.toolCallId;
    const known = this.#tools.get(id) ?? { title: "a tool", status: "pending" as const };
    const title = update.title ?? known.title;
    const status = update.status ? STATUS[update.status] : known.status;
    this.#tools.set(id, { title, status });
    const output = textOf(update.content ?? []);
    return { kind: "tool", id, title, status, ...(output === "" ? {} : { output }) };
  }
}

function spoken(kind: "text" | "thought", content: ContentBlock): TurnEvent | null {
  return content.type === "text" ? { kind, text: content.text } : null;
}

/** Null for a cost that cannot be shown and added up. */
function costOf(cost: UsageUpdate["cost"]): TurnEvent | null {
  if (cost == null || !(cost.amount >= 0) || !/^[A-Z]{3}$/.test(cost.currency)) return null;
  const { amount, currency } = cost;
  return { kind: "usage", usage: { cost: { amount, currency } } };
}

function textOf(contents: readonly ToolCallContent[]): string {
  return contents
    .map((content) => {
      if (content.type === "diff") return `changed ${content.path}`;
      return content.type === "content" && content.content.type === "text"
        ? content.content.text
        : "";
    })
    .filter((text) => text !== "")
    .join("\n");
}
