import { givenAnswer } from "@muster/core";
import type { OptionKind } from "@muster/core";
import type { Approval } from "#lib/backend.ts";
import { plainLine } from "#lib/plain.ts";

type Option = Approval["options"][number];

const RANK = {
  allow_once: 0,
  allow_always: 1,
  reject_once: 2,
  reject_always: 3,
} satisfies Record<OptionKind, number>;

/** The options in one order whatever the harness: the narrow yes first, the noes last. */
export function inOrder(options: readonly Option[]): Option[] {
  return [...options].sort((a, b) => RANK[a.kind] - RANK[b.kind]);
}

/** How a closed question ended, as one short sentence; null while it is open. */
export function outcomeOf(approval: Approval): string | null {
  const { kind, status, answeredBy } = approval;
  if (status === "open") return null;
  if (status === "denied") return "nobody answered in time, which is a no";
  if (status === "expired") return "nobody answered in time";
  if (status === "void")
    return `not asked any more: its ${kind === "question" ? "task" : "turn"} is over`;
  return `${answeredBy ?? "somebody"} answered: ${plainLine(givenAnswer(approval))}`;
}

/** Whether it was allowed, or the question answered; a time-out is a no. */
export function isAllowed({ kind, status, options, optionId }: Approval): boolean {
  if (kind === "question") return status === "answered";
  const option = options.find((known) => known.optionId === optionId);
  return status === "answered" && option?.kind.startsWith("allow") === true;
}
