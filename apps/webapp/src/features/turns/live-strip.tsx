import { agentLabel } from "@muster/core";
import type { Seat } from "#lib/backend.ts";
import { plainLine } from "#lib/plain.ts";
import { Duration } from "#ui/age.tsx";
import { StatusDot } from "#ui/status.tsx";
import { lastLine, surelySaid } from "./story.ts";
import { useLatestTurn, useStory } from "./use-turns.ts";

const EVENTS = 12;

/**
 * What the working agents do right now: one quiet line each between messages and composer. Each line has one
 * height whatever it says, so that nothing jumps while text streams in.
 */
export function LiveStrip({
  room,
  team,
  okTokenOf,
}: {
  room: string;
  team: readonly Seat[];
  /** The OK token of the schedule that asked for a task; null for any other task. */
  okTokenOf: (taskId: string) => string | null;
}) {
  const working = team.filter((seat) => seat.agentStatus === "working");
  return (
    <ul
      aria-label="Right now"
      className="mx-auto min-h-7 w-full max-w-[52rem] shrink-0 px-5 pb-1.5"
    >
      {working.map((seat) => (
        <LiveLine key={seat.role} {...{ room, seat, okTokenOf }} />
      ))}
    </ul>
  );
}

function LiveLine({
  room,
  seat,
  okTokenOf,
}: {
  room: string;
  seat: Seat;
  okTokenOf: (taskId: string) => string | null;
}) {
  const turn = useLatestTurn(room, seat.role);
  const running = turn?.status === "running" ? turn : null;
  return (
    <li
      data-live={seat.role}
      className="flex h-5.5 items-center gap-2 overflow-hidden text-xs whitespace-nowrap text-ink-faint"
    >
      <StatusDot look={agentLabel(seat.agentStatus)} className="mr-4 ml-2.5 size-1.5!" />
      <span className="shrink-0 font-medium text-ink-soft">{seat.role}</span>
      <span className="max-w-[60%] shrink-0 truncate">
        {seat.cancelling
          ? "ends its turn, the task is cancelled"
          : plainLine(seat.activity?.text ?? "works")}
      </span>
      <span className="shrink-0 font-mono text-2xs tabular-nums">
        <Duration since={seat.activity?.since ?? seat.since ?? 0} />
      </span>
      {running !== null && (
        <Tail room={room} turnId={running._id} okToken={okTokenOf(running.taskId)} />
      )}
    </li>
  );
}

function Tail({ room, turnId, okToken }: { room: string; turnId: string; okToken: string | null }) {
  const story = useStory(room, turnId, EVENTS);
  const line = lastLine(surelySaid(story?.output ?? "", okToken));
  if (line === "") return null;
  return (
    <span className="min-w-0 flex-1 truncate font-mono text-2xs" aria-hidden="true">
      {line}
    </span>
  );
}
