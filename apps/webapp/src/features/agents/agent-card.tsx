import { agentLabel } from "@muster/core";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { addressOf } from "#lib/address.ts";
import type { Seat } from "#lib/backend.ts";
import { Age } from "#ui/age.tsx";
import { StatusBadge } from "#ui/status.tsx";
import { Activity } from "./activity.tsx";
import { AgentButtons } from "./agent-buttons.tsx";
import { Badges } from "./badges.tsx";
import { endOf } from "./last-exit.tsx";
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
  /** Makes what stands for the reason: what holds its work up and what helps, else the reason itself. */
  explained: (reason: ReactNode) => ReactNode;
}

/** One role of the team at a glance: its status with age and reason, what it does, who runs it. It opens the panel. */
export function AgentCard({ seat, room, entry, actions, connected, explained }: AgentCardProps) {
  const status = agentLabel(seat.agentStatus, seat.starting);
  return (
    <li
      className="px-4 py-3"
      aria-label={`${seat.role}, ${status.label}`}
      data-role={seat.role}
      data-agent-status={seat.agentStatus}
    >
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h3 className="font-semibold">
          <PanelLink room={room} seat={seat} />
        </h3>
        <StatusBadge status={status} />
        {seat.since !== null && (
          <span className="font-mono text-2xs text-ink-faint tabular-nums">
            <span className="sr-only">for </span>
            <Age since={seat.since} />
          </span>
        )}
      </div>

      <p className="mt-0.5 flex gap-2 text-xs text-ink-faint">
        <span className="min-w-0 wrap-anywhere">{originOf(seat)}</span>
        {entry && (
          <span className="ml-auto text-2xs" title="Gets messages that name no role">
            entry
          </span>
        )}
      </p>
      <Badges seat={seat} />
      <div className="mt-1.5">{explained(<Reason seat={seat} />)}</div>
      <Activity seat={seat} />
      {actions !== null && <AgentButtons seat={seat} actions={actions} connected={connected} />}
    </li>
  );
}

function PanelLink({ room, seat }: { room: string; seat: Seat }) {
  if (seat.type === null) return <>{seat.role}</>;
  return (
    <a
      href={addressOf(room, { kind: "agent", id: seat.role })}
      title={`Everything about ${seat.role}`}
      data-open-agent={seat.role}
      className="group inline-flex items-center gap-0.5 rounded hover:underline"
    >
      {seat.role}
      <ChevronRight className="size-3.5 text-ink-faint group-hover:text-ink" aria-hidden="true" />
    </a>
  );
}

/** Why it is not at work; when it is down, also how its process ended or why there was none. */
function Reason({ seat }: { seat: Seat }) {
  if (["ready", "working"].includes(seat.agentStatus)) return null;
  const down = seat.agentStatus === "dead" || seat.agentStatus === "dead_failed_revive";
  const ended = down && seat.lastExit !== null ? endOf(seat.lastExit) : "";
  const told = seat.reason.includes(ended.replace("last exit: ", "")) ? "" : ended;
  if (seat.reason === "" && told === "") return null;
  return (
    <p className="line-clamp-3 text-sm wrap-anywhere">
      {seat.reason}
      {told !== "" && <span className="text-ink-soft"> – {told}</span>}
    </p>
  );
}
