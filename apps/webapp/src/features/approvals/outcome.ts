import type { OptionKind } from "@muster/core";
import type { Approval } from "#lib/backend.ts";

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
export function outcomeOf({ status, options, optionId, answeredBy }: Approval): string | null {
  if (status === "open") return null;
  if (status === "denied") return "nobody answered in time, which is a no";
  if (status === "void") return "not asked any more: its turn is over";
  const option = options.find((known) => known.optionId === optionId);
  return `${answeredBy ?? "somebody"} answered: ${option?.name ?? optionId ?? "?"}`;
}

/** Whether it was allowed; a time-out is a no. */
export function isAllowed({ status, options, optionId }: Approval): boolean {
  const option = options.find((known) => known.optionId === optionId);
  return status === "answered" && option?.kind.startsWith("allow") === true;
}
