import { TASK_LABELS, isActive } from "@muster/core";
import { clsx } from "clsx";
import { Ban, RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import type { Task, Turn } from "#lib/backend.ts";
import { totalOf, usageLine } from "#lib/amount.ts";
import { Age } from "#ui/age.tsx";
import { Button } from "#ui/button.tsx";
import { Prose } from "#ui/prose.tsx";
import { SheetHead, SheetPart } from "#ui/sheet.tsx";
import { StatusBadge } from "#ui/status.tsx";
import type { TaskActions } from "./use-tasks.ts";

export interface TaskPanelProps {
  task: Task;
  turns: readonly Turn[] | undefined;
  /** It was cancelled, and its agent has not ended the turn yet. */
  cancelling: boolean;
  /** Null when this person may not act on tasks, or nothing can be asked now. */
  actions: TaskActions | null;
  questions: ReactNode;
  turnList: ReactNode;
  diff: ReactNode;
}

/** Everything about one task: what was asked, how it stands, what was done for it and what that changed. */
export function TaskPanel(props: TaskPanelProps) {
  const { task, turns, cancelling, actions, questions, turnList, diff } = props;
  const why = whyOf(task, cancelling);
  const used = usageLine(totalOf((turns ?? []).map(({ usage }) => usage)));
  return (
    <div data-task-panel={task._id} data-task-status={task.status}>
      <SheetHead>
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <h2 className="text-[0.9375rem] font-semibold">Task for {task.role}</h2>
          <StatusBadge status={cancelling ? CANCELLING : TASK_LABELS[task.status]} />
        </div>
        <p className="mt-0.5 flex flex-wrap gap-x-1.5 text-xs text-ink-faint">
          <span>from {task.from.name}</span>·
          <span>
            <Age since={task.createdAt} /> ago
          </span>
          ·<span>{attempts(task)}</span>
          {used !== "" && <span data-usage="">· {used}</span>}
        </p>
      </SheetHead>

      {why !== null && (
        <div className="space-y-2.5 border-b border-line px-5 py-4">
          <Why task={task} text={why} />
          {questions}
          {actions !== null && <Actions task={task} actions={actions} />}
        </div>
      )}
      <SheetPart title="What was asked">
        <div
          className="max-h-60 overflow-y-auto text-sm"
          tabIndex={0}
          role="group"
          aria-label="The task's text"
        >
          <Prose text={task.text} />
        </div>
      </SheetPart>
      <SheetPart title="What it changed">{diff}</SheetPart>
      <SheetPart title="Turns">{turnList}</SheetPart>
    </div>
  );
}

/** Not a status of the task, which is cancelled already: its agent still ends what it was doing. */
const CANCELLING = {
  ...TASK_LABELS.cancelled,
  label: "CANCELLING",
  colour: "amber",
  outlined: false,
  pulsing: true,
} as const;

function attempts({ attempt, recoveries }: Task): string {
  if (attempt === 0) return "not begun";
  const tries = `attempt ${attempt}`;
  return recoveries === 0 ? tries : `${tries}, ${recoveries} after a crash`;
}

/** What there is to know besides the status; null for a task that is simply done. */
function whyOf(task: Task, cancelling: boolean): string | null {
  const { status, reason, heldBy, role } = task;
  if (cancelling)
    return `${reason ?? "cancelled"}; ${role} is still ending its turn; its machine ends it if that takes long.`;
  if (reason !== null) return reason;
  if (heldBy !== null) return `Held back: ${heldBy}`;
  return status === "completed" ? null : TASK_LABELS[status].description;
}

function Why({ task, text }: { task: Task; text: string }) {
  const bad = task.status === "dead_letter";
  return (
    <p className={clsx("text-sm wrap-anywhere", bad ? "text-red" : "text-ink-soft")}>{text}</p>
  );
}

function Actions({ task, actions }: { task: Task; actions: TaskActions }) {
  return (
    <div>
      {isActive(task.status) && (
        <Button
          size="small"
          look="danger"
          disabled={actions.busy}
          onClick={() => actions.cancel(task._id)}
        >
          <Ban className="size-3" aria-hidden="true" /> Cancel task
        </Button>
      )}
      {task.status === "dead_letter" && (
        <Button size="small" disabled={actions.busy} onClick={() => actions.retry(task._id)}>
          <RotateCcw className="size-3" aria-hidden="true" /> Retry
        </Button>
      )}
      {actions.problem !== null && (
        <p role="alert" className="mt-1.5 text-xs text-red">
          {actions.problem}
        </p>
      )}
    </div>
  );
}
