import { AnswerStream } from "@muster/core";
import type { TurnEvent } from "#lib/backend.ts";
import { plain } from "#lib/plain.ts";

type EventOf<Kind> = Extract<TurnEvent, { kind: Kind }>;
export type ToolCall = EventOf<"tool">["body"] & { readonly at: number };
export type PlanEntry = EventOf<"plan">["body"]["entries"][number] & { readonly step: number };

/** What the kept events of a turn tell, each thing once and as it was told last. */
export interface Story {
  readonly plan: readonly PlanEntry[];
  readonly tools: readonly ToolCall[];
  readonly notices: readonly string[];
  /** What the agent said, in one piece, without terminal escapes. */
  readonly output: string;
}

/** Reads events in their order: a tool call is told again whenever it changes, a plan replaces the one before. */
export function storyOf(events: readonly TurnEvent[]): Story {
  const tools = new Map<string, ToolCall>();
  const notices: string[] = [];
  let plan: readonly PlanEntry[] = [];
  let output = "";
  let lastKind = "";
  for (const event of events) {
    if (event.kind === "tool")
      tools.set(event.body.id, { ...event.body, at: tools.get(event.body.id)?.at ?? event.at });
    else if (event.kind === "plan")
      plan = event.body.entries.map((entry, index) => Object.assign({ step: index + 1 }, entry));
    else if (event.kind === "notice") notices.push(plain(event.body));
    else if (event.kind === "text") {
      const apart = lastKind !== "text" && output !== "" && !output.endsWith("\n");
      output += `${apart ? "\n" : ""}${event.body}`;
    }
    lastKind = event.kind;
  }
  return { plan, tools: [...tools.values()], notices, output: plain(output) };
}

/**
 * What may be shown of an output that still grows: all of it, but of an answer to a schedule, whose OK token is given,
 * only what no token can be in.
 */
export function surelySaid(output: string, okToken: string | null): string {
  return okToken === null ? output : new AnswerStream(okToken).push(output);
}

/** The last line of an output that says something, bounded to what one line of a page holds. */
export function lastLine(output: string): string {
  const line = output.trimEnd().split("\n").at(-1)?.trim() ?? "";
  return line.slice(-LINE_CHARACTERS);
}

const LINE_CHARACTERS = 160;
