import { TASK_LABELS, isActive } from "@muster/core";
import { clsx } from "clsx";
import { RotateCcw } from "lucide-react";
import { addressOf } from "#lib/address.ts";
import type { Task } from "#lib/backend.ts";
import { Age } from "#ui/age.tsx";
import { Button } from "#ui/button.tsx";
import { StatusBadge } from "#ui/status.tsx";

/** One task: its status, for whom, the how-manieth try, how old, and why it was given up or waits. */
export function TaskRow({
  task,
  room,
  onRetry,
}: {
  task: Task;
  room: string;
  onRetry: ((taskId: string) => void) | null;
}) {
  const over = !isActive(task.status) && task.status !== "dead_letter";
  return (
    <li className="px-4 py-2.5" data-task={task._id} data-task-status={task.status}>
      <p className={clsx("line-clamp-2 text-sm wrap-anywhere", over && "text-ink-soft")}>
        <a
          href={addressOf(room, { kind: "task", id: task._id })}
          data-open-task={task._id}
          className="rounded hover:underline"
        >
          {firstLine(task.text)}
        </a>
      </p>
      <div className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-2xs text-ink-faint">
        <StatusBadge status={TASK_LABELS[task.status]} />
        <span className="font-medium text-ink-soft">{task.role}</span>
        {task.attempt > 1 && <span>attempt {task.attempt}</span>}
        <span className="ml-auto font-mono tabular-nums">
          <Age since={task.createdAt} />
        </span>
      </div>
      <Why task={task} />
      {task.status === "dead_letter" && onRetry !== null && (
        <Button size="small" className="mt-2" onClick={() => onRetry(task._id)}>
          <RotateCcw className="size-3" aria-hidden="true" /> Retry
        </Button>
      )}
    </li>
  );
}

function Why({ task }: { task: Task }) {
  const held = task.heldBy === null ? null : `Held back: ${task.heldBy}`;
  const why = task.reason ?? held;
  if (why === null) return null;
  return (
    <p
      className={clsx(
        "mt-1 text-xs wrap-anywhere",
        task.status === "dead_letter" ? "text-red" : "text-ink-soft",
      )}
    >
      {why}
    </p>
  );
}

function firstLine(text: string): string {
  const lines = text.split("\n").map((line) => line.replaceAll(/^[#>*\-\s]+|\*\*|`/gu, "").trim());
  return lines.find((line) => line !== "") ?? text.trim();
}
