import { Hourglass } from "lucide-react";
import type { Explanation, Room, Seat, Task } from "#lib/backend.ts";
import { useNow } from "#lib/time.ts";
import { HoldupNote } from "./holdup-note.tsx";
import { PATIENCE_MS, useHelp, useHoldups } from "./use-holdups.ts";

export interface WaitingDockProps {
  room: Room;
  team: readonly Seat[];
  tasks: readonly Task[];
  connected: boolean;
}

/**
 * Between messages and composer: the roles for which something waits and that cannot take it, each with what is
 * in the way and what helps. A question has its own place there.
 */
export function WaitingDock({ room, team, tasks, connected }: WaitingDockProps) {
  const now = useNow();
  const waiting = rolesWaitedFor(team, tasks, now);
  const holdups = useHoldups(room.name, waiting.length > 0);
  const shown = waiting.flatMap((role) => {
    const found = holdups.get(role);
    return found?.holdup == null || found.holdup.kind === "question" ? [] : [found];
  });
  return (
    <section aria-label="What waits">
      <ul
        className={
          shown.length === 0
            ? ""
            : "mx-auto max-h-[30dvh] w-full max-w-[52rem] space-y-2 overflow-y-auto px-3 pb-3 sm:px-5"
        }
      >
        {shown.map((found) => (
          <Waiting key={found.role} room={room} found={found} connected={connected} />
        ))}
      </ul>
    </section>
  );
}

/** A working role gets to its queue by itself; but what is held for a person waits for that person. */
export function rolesWaitedFor(
  team: readonly Seat[],
  tasks: readonly Task[],
  now: number,
): readonly string[] {
  return team
    .filter(({ role, agentStatus }) =>
      tasks.some(
        (task) =>
          task.role === role &&
          task.status === "pending" &&
          (task.heldBy !== null || (agentStatus !== "working" && task.notBefore === null)) &&
          now - task.createdAt > PATIENCE_MS,
      ),
    )
    .map(({ role }) => role);
}

function Waiting({
  room,
  found,
  connected,
}: {
  room: Room;
  found: Explanation;
  connected: boolean;
}) {
  const { role, holdup, waiting } = found;
  const help = useHelp(room.name, role, holdup);
  if (holdup === null) return null;
  const allowed = room.rights.includes(holdup.help?.action === "retry" ? "send" : "manage");
  return (
    <li
      data-waiting={role}
      className="flex gap-2.5 rounded-md border border-line bg-raised px-3 py-2.5"
    >
      <Hourglass className="mt-0.5 size-4 shrink-0 text-amber" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="mb-0.5 text-xs font-medium text-amber">
          {waiting === 1 ? "A task waits" : `${waiting} tasks wait`} for {role}
        </p>
        <HoldupNote
          role={role}
          holdup={holdup}
          help={allowed ? help : null}
          connected={connected}
        />
      </div>
    </li>
  );
}
