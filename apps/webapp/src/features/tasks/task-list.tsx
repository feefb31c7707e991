import { isActive } from "@muster/core";
import type { Room, Task } from "#lib/backend.ts";
import { Empty } from "#ui/empty.tsx";
import { TaskRow } from "./task-row.tsx";

/** The room's tasks: what is open or given up first, what is over below. */
export function TaskList({
  tasks,
  room,
  problem,
  onRetry,
}: {
  tasks: readonly Task[] | undefined;
  room: Room;
  problem: string | null;
  /** Null while nothing can be asked of the backend. */
  onRetry: ((taskId: string) => void) | null;
}) {
  if (tasks === undefined) return <p className="px-4 py-3 text-sm text-ink-faint">Loading…</p>;
  if (tasks.length === 0)
    return (
      <Empty title="No tasks yet">
        <p>Each message to a role becomes one. Write to {room.entryRole} to make the first.</p>
      </Empty>
    );
  const retry = room.rights.includes("send") ? onRetry : null;
  const open = tasks.filter((task) => isActive(task.status) || task.status === "dead_letter");
  const over = tasks.filter((task) => !open.includes(task));
  return (
    <>
      {problem !== null && (
        <p role="alert" className="px-4 pt-3 text-xs text-red">
          {problem}
        </p>
      )}
      <ul className="divide-y divide-line">
        {[...open, ...over].map((task) => (
          <TaskRow key={task._id} task={task} room={room.name} onRetry={retry} />
        ))}
      </ul>
    </>
  );
}
