import { Play, RotateCw, Skull, Square } from "lucide-react";
import { useId } from "react";
import type { Seat } from "#lib/backend.ts";
import { Button } from "#ui/button.tsx";
import type { AgentActions } from "./use-agent-actions.ts";

/** Start, stop, restart and, for scripted agents, the crash test that a person can do without fear. */
export function AgentButtons({
  seat,
  actions,
  connected,
  spelledOut = false,
}: {
  seat: Seat;
  actions: AgentActions;
  /** Without the backend nothing can be asked: a click kept for later would surprise. */
  connected: boolean;
  /** Offers the restart too, and says below what the crash test does: both too much for every card. */
  spelledOut?: boolean;
}) {
  const said = useId();
  if (seat.type !== "remote") return <Problem text={actions.problem} />;
  const waiting = actions.busy !== null || !connected;
  const gaveUp = seat.agentStatus === "dead_failed_revive";
  const startWord = gaveUp ? "Start again" : "Start";
  const startable = seat.desired === "stopped" || gaveUp;
  const alive = ["ready", "working"].includes(seat.agentStatus);
  const explained = spelledOut && seat.scripted && alive;
  return (
    <div className="mt-2.5">
      <div className="flex flex-wrap gap-1.5">
        {startable && (
          <Button
            size="small"
            disabled={waiting}
            aria-label={`${startWord}: ${seat.role}`}
            onClick={() => actions.run("start")}
          >
            <Play className="size-3" aria-hidden="true" />
            {startWord}
          </Button>
        )}
        {seat.desired === "running" && (
          <Button
            size="small"
            disabled={waiting}
            aria-label={`Stop: ${seat.role}`}
            onClick={() => actions.run("stop")}
          >
            <Square className="size-3" aria-hidden="true" />
            Stop
          </Button>
        )}
        {spelledOut && seat.desired === "running" && alive && (
          <Button
            size="small"
            disabled={waiting}
            aria-label={`Restart: ${seat.role}`}
            title="It leaves, its task goes back, and it is started again"
            onClick={() => actions.run("restart")}
          >
            <RotateCw className="size-3" aria-hidden="true" />
            Restart
          </Button>
        )}
        {seat.scripted && (
          <Button
            size="small"
            look="danger"
            disabled={waiting || !alive}
            {...(explained ? { "aria-describedby": said } : { title: whatKillDoes(seat) })}
            aria-label={`Kill it: ${seat.role}`}
            onClick={() => actions.run("kill")}
          >
            <Skull className="size-3" aria-hidden="true" />
            Kill it
          </Button>
        )}
      </div>
      {seat.agentStatus === "dead_failed_revive" && (
        <p className="mt-1.5 text-2xs text-ink-faint">
          Its machine tries it again rarely; a person can start it now.
        </p>
      )}
      {explained && (
        <p id={said} className="mt-1.5 text-2xs text-ink-faint">
          {whatKillDoes(seat)}
        </p>
      )}
      <Problem text={actions.problem} />
    </div>
  );
}

function whatKillDoes(seat: Seat): string {
  const process = seat.pid === null ? "its process" : `process ${seat.pid}`;
  return `SIGKILL to ${process}. ${seat.machineName ?? "Its machine"} starts it again, and its task still gets done.`;
}

function Problem({ text }: { text: string | null }) {
  if (text === null) return null;
  return (
    <p role="alert" className="mt-1.5 text-xs text-red">
      {text}
    </p>
  );
}
