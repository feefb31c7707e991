import { Check, X } from "lucide-react";
import type { Approval } from "#lib/backend.ts";
import { plainLine } from "#lib/plain.ts";
import { EventLine } from "#ui/event-line.tsx";
import { isAllowed, outcomeOf } from "./outcome.ts";

/** A closed question among the messages: what was asked, and who decided how. */
export function DecidedLine({ approval }: { approval: Approval }) {
  const { role, title, status, askedAt, closedAt } = approval;
  const sign = isAllowed(approval) ? Check : X;
  return (
    <EventLine data-decided={status} sign={sign} at={closedAt ?? askedAt}>
      <span className="font-medium text-ink-soft">{role}</span> asked: {plainLine(title)}{" "}
      <span className="text-ink-soft">– {outcomeOf(approval)}</span>
    </EventLine>
  );
}
