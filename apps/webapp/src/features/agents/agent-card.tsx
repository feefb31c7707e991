import { agentLabel } from "@muster/core";
import { Hand, Hourglass } from "lucide-react";
import type { ReactNode } from "react";
import type { Seat } from "#lib/backend.ts";
import { Age } from "#ui/age.tsx";
import { Command } from "#ui/command.tsx";
import { Disclosure } from "#ui/disclosure.tsx";
import { StatusBadge } from "#ui/status.tsx";
import { AgentButtons } from "./agent-buttons.tsx";
import { LastExit } from "./last-exit.tsx";
import { originOf } from "./origin.ts";
import type { AgentActions } from "./use-agent-actions.ts";

export interface AgentCardProps {
  seat: Seat;
  room: string;
  /** People's messages go to this role when they name none. */
  entry: boolean;
  /** Null when the person may not manage agents. */
  actions: AgentActions | null;
  connected: boolean;
  /** What the status rests on; asked only when it is opened. */
  evidence: ReactNode;
}

/** One role of the team: its status with age and reason, what it does, who runs it, how it ended last. */
export function AgentCard({ seat, room, entry, actions, connected, evidence }: AgentCardProps) {
  const status = agentLabel(seat.agentStatus, seat.starting);
  const down = ["dead", "dead_failed_revive"].includes(seat.agentStatus);
  return (
    <li
      className="px-4 py-3.5"
      aria-label={`${seat.role}, ${status.label}`}
      data-role={seat.role}
      data-agent-status={seat.agentStatus}
    >
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h3 className="font-semibold">{seat.role}</h3>
        <StatusBadge status={status} />
        {seat.since !== null && (
          <span className="font-mono text-2xs text-ink-faint tabular-nums">
            <span className="sr-only">for </span>
            <Age since={seat.since} />
          </span>
        )}
        {entry && (
          <span className="ml-auto text-2xs text-ink-faint" title="Gets messages that name no role">
            entry
          </span>
        )}
      </div>

      <p className="mt-0.5 text-xs text-ink-faint">{originOf(seat)}</p>
      <Badges seat={seat} />
      {seat.reason !== "" && <p className="mt-1.5 text-sm wrap-anywhere">{seat.reason}</p>}
      {seat.activity !== null && (
        <p className="mt-1.5 border-l-2 border-line-strong pl-2 text-sm text-ink-soft wrap-anywhere">
          {seat.activity.text}
        </p>
      )}
      {seat.agentStatus === "dead_failed_revive" && (
        <p className="mt-1 text-xs text-ink-soft">
          It is tried again rarely. A person can start it now.
        </p>
      )}
      {seat.type === "custom" && ["offline", "dead"].includes(seat.agentStatus) && (
        <div className="mt-2">
          <Command>{`muster wait-for-task --room ${room} --role ${seat.role}`}</Command>
        </div>
      )}

      <div className="mt-2 space-y-1.5">
        {seat.lastExit !== null && <LastExit exit={seat.lastExit} open={down} />}
        {seat.type !== null && <Disclosure label="Evidence and history">{evidence}</Disclosure>}
      </div>
      {actions !== null && <AgentButtons seat={seat} actions={actions} connected={connected} />}
      {seat.type === null && (
        <div className="mt-2">
          <Command>{`muster agent add --room ${room} --role ${seat.role} --harness demo`}</Command>
        </div>
      )}
    </li>
  );
}

function Badges({ seat }: { seat: Seat }) {
  if (!seat.needsYou && !seat.stalled) return null;
  return (
    <p className="mt-1.5 flex gap-1.5 text-2xs font-semibold text-amber">
      {seat.needsYou && (
        <span className="inline-flex items-center gap-1 rounded bg-amber-wash px-1.5 py-0.5">
          <Hand className="size-3" aria-hidden="true" /> NEEDS YOU
        </span>
      )}
      {seat.stalled && (
        <span
          className="inline-flex items-center gap-1 rounded bg-amber-wash px-1.5 py-0.5"
          title="It holds a task but has made no progress for a while"
        >
          <Hourglass className="size-3" aria-hidden="true" /> STALLED
        </span>
      )}
    </p>
  );
}
