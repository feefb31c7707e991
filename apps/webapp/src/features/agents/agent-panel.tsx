import { agentLabel } from "@muster/core";
import type { ReactNode } from "react";
import type { Seat } from "#lib/backend.ts";
import { Age } from "#ui/age.tsx";
import { SheetHead, SheetPart } from "#ui/sheet.tsx";
import { StatusBadge } from "#ui/status.tsx";
import { Activity } from "./activity.tsx";
import { AgentButtons } from "./agent-buttons.tsx";
import { Badges } from "./badges.tsx";
import { Facts } from "./facts.tsx";
import { LastExit } from "./last-exit.tsx";
import { originOf } from "./origin.ts";
import type { AgentActions } from "./use-agent-actions.ts";

export interface AgentPanelProps {
  seat: Seat;
  /** Null when the person may not manage agents. */
  actions: AgentActions | null;
  connected: boolean;
  /** What holds its work up and what helps. */
  holdup: ReactNode;
  /** Its open questions. */
  questions: ReactNode;
  /** Its running or last turn. */
  turn: ReactNode;
  /** What the status rests on and how it came about; asked once, when the panel opens. */
  evidence: ReactNode;
}

/** Everything about one agent: whether its status can be believed, what it does, and what a person can do. */
export function AgentPanel(props: AgentPanelProps) {
  const { seat, actions, connected, holdup, questions, turn, evidence } = props;
  const status = agentLabel(seat.agentStatus, seat.starting);
  return (
    <div data-agent-panel={seat.role} data-agent-status={seat.agentStatus}>
      <SheetHead>
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <h2 className="text-[0.9375rem] font-semibold">{seat.role}</h2>
          <StatusBadge status={status} />
          {seat.since !== null && (
            <span className="font-mono text-2xs text-ink-faint tabular-nums">
              <span className="sr-only">for </span>
              <Age since={seat.since} />
            </span>
          )}
        </div>
        <p className="mt-0.5 text-xs text-ink-faint">{originOf(seat)}</p>
      </SheetHead>

      <SheetPart title="Right now">
        <p className="text-sm wrap-anywhere">{whyOf(seat, status.description)}</p>
        <Badges seat={seat} />
        <Activity seat={seat} />
        {questions}
        <div className="mt-2">{holdup}</div>
        {actions !== null && (
          <AgentButtons seat={seat} actions={actions} connected={connected} spelledOut />
        )}
      </SheetPart>

      <SheetPart title={seat.agentStatus === "working" ? "Its turn" : "Its last turn"}>
        {turn}
      </SheetPart>
      {seat.lastExit !== null && (
        <SheetPart title="Last exit">
          <LastExit exit={seat.lastExit} />
        </SheetPart>
      )}
      <SheetPart title="Evidence and last transitions">{evidence}</SheetPart>
      <SheetPart title="Facts">
        <Facts seat={seat} />
      </SheetPart>
    </div>
  );
}

/** The reason that the backend gives, in front of what the status means in general. */
function whyOf(seat: Seat, description: string): ReactNode {
  if (seat.reason === "") return description;
  const said = `${seat.reason.charAt(0).toUpperCase()}${seat.reason.slice(1)}`;
  return (
    <>
      {said}. <span className="text-ink-soft">{description}</span>
    </>
  );
}
