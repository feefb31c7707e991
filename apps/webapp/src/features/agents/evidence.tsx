import { agentLabel } from "@muster/core";
import { RotateCw } from "lucide-react";
import type { SeatEvent } from "#lib/backend.ts";
import { ageOf, useNow } from "#lib/time.ts";
import { Age, Clock } from "#ui/age.tsx";
import { StatusDot } from "#ui/status.tsx";
import { useEvidence } from "./use-evidence.ts";
import type { Asked } from "./use-evidence.ts";

const SHOWN = 8;

/** Asks for the evidence behind a status and shows the answer with its own age. */
export function Evidence({ room, role }: { room: string; role: string }) {
  const { asked, ask } = useEvidence(room, role);
  return <EvidenceView asked={asked} onAsk={ask} />;
}

export function EvidenceView({ asked, onAsk }: { asked: Asked; onAsk: () => void }) {
  if (asked.step === "asking") return <p className="text-xs text-ink-faint">Asking…</p>;
  if (asked.step === "failed") return <p className="text-xs text-red">{asked.problem}</p>;
  return (
    <div className="space-y-2 rounded-md border border-line bg-sunken px-2.5 py-2 text-xs text-ink-soft">
      <div className="flex items-start gap-2">
        <Lease asked={asked} />
        <button
          type="button"
          onClick={onAsk}
          aria-label="Ask again"
          title="Ask again"
          className="ml-auto rounded p-0.5 text-ink-faint hover:text-ink"
        >
          <RotateCw className="size-3" />
        </button>
      </div>
      <ol className="space-y-1">
        {asked.events.slice(0, SHOWN).map((event) => (
          <Happened key={`${event.at} ${event.epoch} ${event.event}`} event={event} />
        ))}
      </ol>
      <p className="text-2xs text-ink-faint">
        Asked <Age since={asked.at} /> ago.
      </p>
    </div>
  );
}

function Lease({ asked }: { asked: Extract<Asked, { step: "answered" }> }) {
  const now = useNow();
  const { renewedAt, readyUntil, renewedBy, epoch } = asked.evidence;
  if (renewedAt === null) return <p>No lease: nobody was heard from. Epoch {epoch}.</p>;
  const heard = `Last heard ${ageOf(now - renewedAt)} ago by way of ${renewedBy ?? "its holder"}`;
  if (readyUntil === null) return <p>{`${heard}. No lease now. Epoch ${epoch}.`}</p>;
  const left = readyUntil - asked.at;
  const lease = left > 0 ? `its lease had ${ageOf(left)} left` : "its lease is over";
  return <p>{`${heard}; ${lease} when asked. Epoch ${epoch}.`}</p>;
}

function Happened({ event }: { event: SeatEvent }) {
  return (
    <li className="flex items-baseline gap-2">
      <Clock at={event.at} precise className="font-mono text-2xs text-ink-faint tabular-nums" />
      <span className="min-w-0 flex-1 wrap-anywhere">
        <StatusDot look={agentLabel(event.to)} className="mr-1.5 size-1.5!" />
        {event.accepted ? lower(event.to) : `refused: ${event.event.replaceAll("_", " ")}`}
        {event.reason !== "" && <span className="text-ink-faint"> – {event.reason}</span>}
        {event.reporter !== null && (
          <span className="text-ink-faint">{`, says ${event.reporter}`}</span>
        )}
      </span>
    </li>
  );
}

const lower = (status: SeatEvent["to"]): string => agentLabel(status).label.toLowerCase();
