import type { api as Api } from "@muster/backend/api";
import type { FunctionReturnType } from "convex/server";
import type { Line } from "../invocation.ts";
import { ago } from "./ago.ts";
import { headline, indented } from "./indented.ts";

export type TurnView = FunctionReturnType<typeof Api.turns.ofTask>["items"][number];
export type TurnEventView = FunctionReturnType<typeof Api.turns.events>["items"][number];
type Tool = Extract<TurnEventView, { kind: "tool" }>;
type Plan = Extract<TurnEventView, { kind: "plan" }>;

/** `attempt 2, opencode, ended: end_turn after 12 s, 12,034 tokens in, 802 out, 0.03 USD`. `now` in ms since the epoch. */
export function turnLine(turn: TurnView, now: number): Line {
  const { attempt, harness, status, stopReason, startedAt, endedAt, error } = turn;
  const took = ago((endedAt ?? now) - startedAt);
  const how =
    status === "running" ? `running for ${took}` : `${stopReason ?? "ended"} after ${took}`;
  const said = error === null ? "" : headline(error, 200);
  const parts = [`attempt ${attempt}`, harness, how, usageOf(turn), said];
  return { text: parts.filter((part) => part !== "").join(", "), colour: "bold" };
}

/** What it has used up, as far as its harness tells; empty when it does not. */
function usageOf({ usage }: Pick<TurnView, "usage">): string {
  const { inputTokens, outputTokens, cost } = usage;
  return [
    inputTokens === undefined ? "" : `${grouped(inputTokens)} tokens in`,
    outputTokens === undefined ? "" : `${grouped(outputTokens)} out`,
    cost === undefined ? "" : `${Number(cost.amount.toPrecision(3))} ${cost.currency}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** A turn as it stands: each tool once, at its last word, the last plan only, and what was said. */
export function turnLines(events: readonly TurnEventView[], dropped: number): Line[] {
  const last = new Map<string, TurnEventView>();
  for (const event of events) last.set(slotOf(event), event);
  const lines = events.flatMap((event) => {
    const newest = last.get(slotOf(event));
    if (newest === undefined) return [];
    last.delete(slotOf(event));
    return eventLines(newest);
  });
  if (dropped === 0) return lines;
  return [{ text: `  … ${dropped} earlier events are not kept`, colour: "grey" }, ...lines];
}

/** Events that say the same thing anew share a slot; everything else has its own. */
function slotOf(event: TurnEventView): string {
  if (event.kind === "tool") return `tool ${event.body.id}`;
  return event.kind === "plan" ? "plan" : `event ${event.seq}`;
}

/** One event, as it is shown when it comes. */
export function eventLines(event: TurnEventView): Line[] {
  if (event.kind === "tool") return toolLines(event);
  if (event.kind === "plan") return planLines(event);
  if (event.body.trim() === "") return [];
  const text = indented(event.body.replace(/\n+$/, ""), event.kind === "notice" ? "  ! " : "  ");
  if (event.kind === "text") return [text];
  return [{ text, colour: event.kind === "notice" ? "amber" : "grey" }];
}

const TOOL_SIGNS = {
  pending: ["·", "grey"],
  running: ["▸", "blue"],
  done: ["✓", "green"],
  failed: ["✗", "red"],
} as const satisfies Record<Tool["body"]["status"], readonly [string, string]>;

/** Only the end of a tool's output: the whole is in the harness's own log. */
const OUTPUT_LINES = 8;

function toolLines({ body }: Tool): Line[] {
  const [sign, colour] = TOOL_SIGNS[body.status];
  const head = { text: `  ${sign} ${headline(body.title, 200)}`, colour } as const;
  const output = body.output?.trimEnd() ?? "";
  if (output === "") return [head];
  const text = indented(output.split("\n").slice(-OUTPUT_LINES).join("\n"), "    | ");
  return [head, { text, colour: "grey" }];
}

const PLAN_SIGNS = {
  pending: "[ ]",
  in_progress: "[>]",
  completed: "[x]",
} as const satisfies Record<Plan["body"]["entries"][number]["status"], string>;

function planLines({ body }: Plan): Line[] {
  return body.entries.map(({ text, status }) => `  ${PLAN_SIGNS[status]} ${headline(text, 200)}`);
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
