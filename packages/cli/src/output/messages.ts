import type { api as Api } from "@muster/backend/api";
import type { FunctionReturnType } from "convex/server";
import { indented } from "./indented.ts";

export type MessageView = FunctionReturnType<typeof Api.messages.list>["items"][number];

/** `#12 14:03 planner → builder (handoff)`, then the text, indented. */
export function messageLines(messages: readonly MessageView[]): string[] {
  return messages.flatMap((message) => [headOf(message), indented(message.text)]);
}

function headOf(message: MessageView): string {
  const { seq, at, sender, target, type } = message;
  const time = new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const to = target === null ? "" : ` → ${target}`;
  const kind = type === "message" ? "" : ` (${type})`;
  return `#${seq} ${time} ${sender.name}${to}${kind}`;
}
