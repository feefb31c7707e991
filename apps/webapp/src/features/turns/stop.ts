import type { StopReason } from "@muster/core";
import type { Turn } from "#lib/backend.ts";

const WORDS = {
  end_turn: "ended",
  max_tokens: "stopped: out of tokens",
  max_turn_requests: "stopped: too many requests in one turn",
  refusal: "refused by the model",
  cancelled: "cancelled",
  failed: "failed",
  timed_out: "timed out",
  lost: "lost: its agent was gone before it ended",
} satisfies Record<StopReason, string>;

/** How a turn stands, in words. */
export function stateOf({ status, stopReason }: Turn): string {
  if (status === "running") return "running";
  return stopReason === null ? "ended" : WORDS[stopReason];
}

export const wentWrong = ({ status, stopReason }: Turn): boolean =>
  status === "ended" && stopReason !== "end_turn" && stopReason !== "cancelled";
