/**
 * A permission question. `denied` is the answer of its deadline; `void` means that nobody needs an answer
 * any more. Only an open one can be answered, once.
 */
export const APPROVAL_STATUSES = ["open", "answered", "denied", "void"] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

export const OPTION_KINDS = ["allow_once", "allow_always", "reject_once", "reject_always"] as const;
export type OptionKind = (typeof OPTION_KINDS)[number];

/** More options than a person weighs up are a mistake. */
export const MAX_OPTIONS = 10;
/** More open questions of one agent than a person answers are a flood. */
export const MAX_OPEN_APPROVALS = 32;

/** How long a closed question is kept: who allowed what is asked within weeks, if at all. */
export const APPROVALS_KEPT_MS = 30 * 24 * 3_600_000;

export type Approval = {
  readonly status: ApprovalStatus;
  readonly options: readonly { readonly optionId: string; readonly name: string }[];
  /** Milliseconds since the epoch; null once it is closed. */
  readonly deadline: number | null;
  readonly optionId?: string | undefined;
  readonly answeredBy?: string | undefined;
};

/** Why an approval can no longer be answered, as one sentence that names who answered; null while it can. */
export function closedBecause(approval: Approval, now: number): string | null {
  const { status, options, optionId, answeredBy, deadline } = approval;
  if (status === "answered") {
    const name = options.find((option) => option.optionId === optionId)?.name ?? optionId ?? "";
    return `${answeredBy ?? "Somebody"} has answered this already: ${name}.`;
  }
  if (status === "void") return "This is not asked any more: its turn is over.";
  if (status === "denied" || (deadline !== null && deadline <= now))
    return "Nobody answered in time, which is a no.";
  return null;
}
