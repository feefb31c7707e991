import { clsx } from "clsx";
import { useState } from "react";
import { count, usageLine } from "#lib/amount.ts";
import type { Turn } from "#lib/backend.ts";
import { plain } from "#lib/plain.ts";
import { Clock, Duration } from "#ui/age.tsx";
import { Button } from "#ui/button.tsx";
import { OutputTail } from "./output-tail.tsx";
import { PlanList } from "./plan-list.tsx";
import { stateOf, wentWrong } from "./stop.ts";
import type { Story } from "./story.ts";
import { ToolList } from "./tool-list.tsx";
import { useStory } from "./use-turns.ts";

const EVENTS = 500;

/** One turn: how it stands and what it cost; what happened in it is asked for only while it is open. */
export function TurnCard({
  room,
  turn,
  startsOpen,
}: {
  room: string;
  turn: Turn;
  startsOpen: boolean;
}) {
  const [open, setOpen] = useState(startsOpen);
  return (
    <article
      data-turn={turn._id}
      data-turn-status={turn.status}
      className="rounded-lg border border-line bg-raised"
    >
      <TurnHead turn={turn} />
      {turn.error !== null && (
        <p className="mx-3 mb-2 text-xs wrap-anywhere text-red">{plain(turn.error)}</p>
      )}
      {open ? (
        <TurnStory room={room} turn={turn} />
      ) : (
        <div className="border-t border-line px-2 py-1">
          <Button look="quiet" size="small" onClick={() => setOpen(true)}>
            Show what happened ({count(turn.events, "event")})
          </Button>
        </div>
      )}
    </article>
  );
}

function TurnHead({ turn }: { turn: Turn }) {
  const used = usageLine(turn.usage);
  return (
    <header className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 px-3 py-2 text-xs text-ink-soft">
      <span className="font-semibold text-ink">Attempt {turn.attempt}</span>
      <span>{turn.harness}</span>
      <span className={clsx(wentWrong(turn) && "font-medium text-red")}>{stateOf(turn)}</span>
      <span className="font-mono tabular-nums">
        <span className="sr-only">after </span>
        <Duration since={turn.startedAt} until={turn.endedAt} />
      </span>
      <Clock
        at={turn.startedAt}
        precise
        className="ml-auto font-mono text-2xs text-ink-faint tabular-nums"
      />
      {(used !== "" || turn.status === "ended") && (
        <span className="w-full text-2xs text-ink-faint tabular-nums" data-usage="">
          {used === "" ? "Its harness told no tokens and no cost." : `Tokens: ${used}`}
        </span>
      )}
    </header>
  );
}

function TurnStory({ room, turn }: { room: string; turn: Turn }) {
  const story = useStory(room, turn._id, EVENTS);
  if (story === undefined)
    return <p className="border-t border-line px-3 py-2 text-xs text-ink-faint">Loading…</p>;
  return <StoryView story={story} turn={turn} />;
}

/** Plan, tool calls and output of a turn, as far as they are kept. */
export function StoryView({ story, turn }: { story: Story; turn: Turn }) {
  const nothing = story.plan.length + story.tools.length + story.notices.length === 0;
  return (
    <div className="space-y-3 border-t border-line px-3 py-2.5">
      {turn.dropped > 0 && (
        <p className="text-2xs text-ink-faint">
          The first {count(turn.dropped, "event")} are not kept any more.
        </p>
      )}
      {nothing && story.output === "" && (
        <p className="text-xs text-ink-faint">
          {turn.status === "running" ? "Nothing has come from it yet." : "It told nothing."}
        </p>
      )}
      {story.plan.length > 0 && <PlanList entries={story.plan} />}
      {story.tools.length > 0 && <ToolList tools={story.tools} live={turn.status === "running"} />}
      {story.notices.map((notice) => (
        <p key={notice} className="text-xs wrap-anywhere text-ink-soft">
          {notice}
        </p>
      ))}
      {story.output !== "" && <OutputTail text={story.output} live={turn.status === "running"} />}
    </div>
  );
}
