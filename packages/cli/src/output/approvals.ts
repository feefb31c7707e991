import { givenAnswer } from "@muster/core/approval/approval";
import type { api as Api } from "@muster/backend/api";
import type { FunctionReturnType } from "convex/server";
import type { Line } from "../invocation.ts";
import { ago } from "./ago.ts";
import { headline, indented } from "./indented.ts";

export type ApprovalView = FunctionReturnType<typeof Api.approvals.list>["items"][number];

/** What is asked, of whom, until when, and how to answer; of a closed one how it ended. `now` in ms since the epoch. */
export function approvalLines(items: readonly ApprovalView[], now: number): Line[] {
  if (items.length === 0) return ["Nobody needs you."];
  return items.flatMap((item) => (item.status === "open" ? open(item, now) : [closed(item, now)]));
}

/** An open one in a line, with what answers it. `now` in ms since the epoch. */
export function askedLine(item: ApprovalView, now: number): Line {
  const { _id, roomName, role, title, options, choices, deadline } = item;
  const answers = [...options.map(({ optionId }) => optionId), ...choices.map(oneLine)];
  const among = answers.length === 0 ? "" : ` (${answers.join(", ")})`;
  const left = deadline === null ? "" : `, ${ago(deadline - now)} left`;
  const asks = `${role} of ${roomName} asks: ${headline(title, 200)}${among}${left}`;
  return { text: `${asks} – muster answer ${_id} "…"`, colour: "amber" };
}

function open(item: ApprovalView, now: number): Line[] {
  const { _id, roomName, role, title, detail, options, choices, deadline } = item;
  const left = deadline === null ? "" : `, ${ago(deadline - now)} left`;
  const width = Math.max(...options.map(({ optionId }) => optionId.length));
  return [
    { text: `${_id}  ${role} of ${roomName} asks${left}`, colour: "amber" },
    indented(title, "  "),
    ...(detail.trim() === "" ? [] : [indented(detail)]),
    ...options.map(({ optionId, name }) => `  ${optionId.padEnd(width)}  ${oneLine(name)}`),
    ...choices.map((choice) => `  – ${oneLine(choice)}`),
  ];
}

function closed(item: ApprovalView, now: number): Line {
  const { _id, roomName, role, title, closedAt } = item;
  const when = closedAt === null ? "" : `, ${ago(now - closedAt)} ago`;
  const text = `${_id}  ${role} of ${roomName}: ${oneLine(title)} – ${endOf(item)}${when}`;
  return { text, colour: "grey" };
}

function endOf(item: ApprovalView): string {
  if (item.status === "answered")
    return `${oneLine(givenAnswer(item))}, said ${item.answeredBy ?? "somebody"}`;
  if (item.status === "denied") return "denied, nobody answered in time";
  return item.status === "expired" ? "nobody answered in time" : "no longer asked";
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, " ");
}
