import type { api as Api } from "@muster/backend/api";
import type { FunctionReturnType } from "convex/server";

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

/** Indented, so that no text can pass itself off as the head of another message. */
function indented(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `    ${line}`)
    .join("\n");
}
