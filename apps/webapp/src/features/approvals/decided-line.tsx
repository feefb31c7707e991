import { Check, X } from "lucide-react";
import type { Approval } from "#lib/backend.ts";
import { plainLine } from "#lib/plain.ts";
import { Clock } from "#ui/age.tsx";
import { isAllowed, outcomeOf } from "./outcome.ts";

/** A closed question among the messages: what was asked, and who decided how. */
export function DecidedLine({ approval }: { approval: Approval }) {
  const Sign = isAllowed(approval) ? Check : X;
  return (
    <li
      data-decided={approval.status}
      className="flex items-baseline gap-3 px-5 py-0.5 text-xs text-ink-faint"
    >
      <span className="flex w-7 shrink-0 justify-center self-center" aria-hidden="true">
        <Sign className="size-3.5" />
      </span>
      <p className="min-w-0 flex-1 wrap-anywhere">
        <span className="font-medium text-ink-soft">{approval.role}</span> asked:{" "}
        {plainLine(approval.title)} <span className="text-ink-soft">– {outcomeOf(approval)}</span>
      </p>
      <Clock
        at={approval.closedAt ?? approval.askedAt}
        className="font-mono text-2xs tabular-nums"
      />
    </li>
  );
}
