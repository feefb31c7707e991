/**
 * What an agent asks people and waits for: an approval, may it do something; or a question, which is answered in
 * words. One noun with a kind: both are asked, answered once and closed alike.
 */
export const ASKED_KINDS = ["approval", "question"] as const;
export type AskedKind = (typeof ASKED_KINDS)[number];

/**
 * `denied` is the answer of an approval's deadline, `expired` the end of a question that nobody answered; `void`
 * means that nobody needs an answer any more. Only an open one can be answered, once.
 */
export const APPROVAL_STATUSES = ["open", "answered", "denied", "expired", "void"] as const;
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
  /** Absent in rows that are older than questions. */
  readonly kind?: AskedKind | undefined;
  readonly status: ApprovalStatus;
  readonly options: readonly { readonly optionId: string; readonly name: string }[];
  /** Milliseconds since the epoch; null once it is closed. */
  readonly deadline: number | null;
  /** What was chosen of the options of an approval. */
  readonly optionId?: string | null | undefined;
  /** What was said to a question. */
  readonly answer?: string | null | undefined;
  readonly answeredBy?: string | null | undefined;
};

/** What an answered one was answered, in the words that its people read. */
export function givenAnswer({ options, optionId, answer }: Omit<Approval, "deadline">): string {
  const chosen = options.find((option) => option.optionId === optionId);
  return answer ?? chosen?.name ?? optionId ?? "";
}

/** What its deadline makes of one that nobody has answered. */
export function unanswered(kind?: AskedKind): "denied" | "expired" {
  return kind === "question" ? "expired" : "denied";
}

/** Why an approval can no longer be answered, as one sentence that names who answered; null while it can. */
// The switch is exhaustive, so that a new status does not compile without its sentence.
// oxlint-disable-next-line typescript/consistent-return
export function closedBecause(approval: Approval, now: number): string | null {
  const { kind, status, answeredBy, deadline } = approval;
  const over = deadline !== null && deadline <= now;
  switch (status === "open" && over ? unanswered(kind) : status) {
    case "open":
      return null;
    case "answered":
      return `${answeredBy ?? "Somebody"} has answered this already: ${givenAnswer(approval)}.`;
    case "denied":
      return "Nobody answered in time, which is a no.";
    case "expired":
      return "Nobody answered in time.";
    case "void":
      return kind === "question"
        ? "This is not asked any more: its task is over."
        : "This is not asked any more: its turn is over.";
  }
}
