import type { PlanEntryStatus } from "@muster/core";
import { clsx } from "clsx";
import { Check, Circle, CircleDot } from "lucide-react";
import { plainLine } from "#lib/plain.ts";
import type { PlanEntry } from "./story.ts";

const SIGNS = {
  pending: { sign: Circle, said: "to do" },
  in_progress: { sign: CircleDot, said: "in progress" },
  completed: { sign: Check, said: "done" },
} satisfies Record<PlanEntryStatus, { sign: typeof Check; said: string }>;

/** The agent's plan with how far it has come. */
export function PlanList({ entries }: { entries: readonly PlanEntry[] }) {
  const done = entries.filter(({ status }) => status === "completed").length;
  return (
    <section aria-label="Plan">
      <h4 className="mb-1 text-2xs font-medium text-ink-faint">
        Plan · {done} of {entries.length} done
      </h4>
      <ol className="space-y-0.5 text-xs">
        {entries.map((entry) => (
          <Step key={entry.step} entry={entry} />
        ))}
      </ol>
    </section>
  );
}

function Step({ entry }: { entry: PlanEntry }) {
  const { sign: Sign, said } = SIGNS[entry.status];
  return (
    <li className="flex gap-2">
      <Sign
        aria-hidden="true"
        className={clsx(
          "mt-0.5 size-3.5 shrink-0",
          entry.status === "in_progress" ? "text-blue" : "text-ink-faint",
        )}
      />
      <span
        className={clsx(
          "min-w-0 wrap-anywhere",
          entry.status === "completed" ? "text-ink-faint" : "text-ink",
        )}
      >
        {plainLine(entry.text)} <span className="sr-only">({said})</span>
      </span>
    </li>
  );
}
