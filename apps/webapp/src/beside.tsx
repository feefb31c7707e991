import { Suspense, lazy, useCallback, useEffect } from "react";
import type { ReactNode } from "react";
import { addressOf } from "#lib/address.ts";
import type { Beside as Opened } from "#lib/address.ts";
import type { Approval, Room, Seat, Turn } from "#lib/backend.ts";
import { sentenceOf } from "#lib/refusal.ts";
import { useWide } from "#lib/wide.ts";
import { Boundary } from "#ui/boundary.tsx";
import { Empty } from "#ui/empty.tsx";
import { Sheet } from "#ui/sheet.tsx";
import type { SheetWidth } from "#ui/sheet.tsx";
import { AgentPanel } from "./features/agents/agent-panel.tsx";
import { Evidence } from "./features/agents/evidence.tsx";
import { useAgentActions } from "./features/agents/use-agent-actions.ts";
import type { Blocked } from "./features/approvals/blocked.ts";
import { Question } from "./features/approvals/question.tsx";
import { isOpen } from "./features/approvals/use-approvals.ts";
import { DiffView } from "./features/diff/diff-view.tsx";
import { SeatHoldup } from "./features/holdups/seat-holdup.tsx";
import { useHoldups } from "./features/holdups/use-holdups.ts";
import { TaskPanel } from "./features/tasks/task-panel.tsx";
import { useDiff, useTask, useTaskActions } from "./features/tasks/use-tasks.ts";
import { TurnCard } from "./features/turns/turn-card.tsx";
import { useLatestTurn, useTurnsOf } from "./features/turns/use-turns.ts";

const SchedulesBeside = lazy(() =>
  import("./features/schedules/schedules-beside.tsx").then((module) => ({
    default: module.SchedulesBeside,
  })),
);

export interface BesideProps {
  opened: Opened;
  room: Room;
  team: readonly Seat[];
  approvals: readonly Approval[];
  blocked: Blocked;
  connected: boolean;
  width: SheetWidth;
}

/** What is open beside the room: one agent, one task or its schedules. */
export function Beside(props: BesideProps) {
  const { opened, room, width } = props;
  const close = useCallback(() => {
    location.hash = addressOf(room.name);
  }, [room.name]);
  const Part = PARTS[opened.kind];
  useEffect(() => () => focusOpener(opened), [opened]);
  return (
    <Sheet
      key={`${opened.kind} ${opened.id}`}
      label={NAMES[opened.kind](opened.id)}
      width={width}
      onClose={close}
    >
      <Boundary fallback={cannotShow}>
        <Suspense fallback={<Quiet>Loading…</Quiet>}>
          <Part {...props} />
        </Suspense>
      </Boundary>
    </Sheet>
  );
}

const PARTS = {
  agent: AgentBeside,
  task: TaskBeside,
  schedules: ({ opened, room, connected }) => (
    <SchedulesBeside room={room} name={opened.id} connected={connected} />
  ),
} satisfies Record<Opened["kind"], (props: BesideProps) => ReactNode>;

const NAMES = {
  agent: (id) => id,
  task: () => "Task",
  schedules: (id) => (id === "" ? "Schedules" : `Schedule ${id}`),
} satisfies Record<Opened["kind"], (id: string) => string>;

/** Whoever closes the panel by the keyboard goes on where they were, once that is drawn again. */
function focusOpener({ kind, id }: Opened): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    const opener = document.querySelector<HTMLElement>(`[data-open-${kind}="${CSS.escape(id)}"]`);
    opener?.focus({ preventScroll: true });
  });
}

function cannotShow(error: unknown) {
  return <Empty title="This cannot be shown">{sentenceOf(error)}</Empty>;
}

function AgentBeside({ opened, room, team, approvals, blocked, connected }: BesideProps) {
  const seat = team.find(({ role }) => role === opened.id);
  const actions = useAgentActions(room.name, opened.id);
  const holdups = useHoldups(room.name, true);
  if (seat === undefined)
    return (
      <Empty title={`There is no ${opened.id} in ${room.name}`}>
        <p>The team is {room.team.join(", ")}.</p>
      </Empty>
    );
  return (
    <AgentPanel
      seat={seat}
      connected={connected}
      holdup={<SeatHoldup {...{ seat, room, connected }} found={holdups.get(seat.role)} />}
      actions={room.rights.includes("manage") ? actions : null}
      questions={<Questions of={(one) => one.role === seat.role} {...{ approvals, blocked }} />}
      turn={<LatestTurn room={room.name} role={seat.role} />}
      evidence={<Evidence key={seat.since} room={room.name} role={seat.role} />}
    />
  );
}

function LatestTurn({ room, role }: { room: string; role: string }) {
  const turn = useLatestTurn(room, role);
  if (turn === undefined) return <Quiet>Loading…</Quiet>;
  if (turn === null) return <Quiet>It has had no turn that was recorded.</Quiet>;
  return (
    <>
      <TurnCard key={turn._id} room={room} turn={turn} startsOpen />
      <a
        href={addressOf(room, { kind: "task", id: turn.taskId })}
        className="mt-2 inline-block rounded text-xs text-ink-soft underline decoration-line-strong underline-offset-3 hover:text-ink"
      >
        Open its task
      </a>
    </>
  );
}

function TaskBeside({ opened, room, team, approvals, blocked, connected }: BesideProps) {
  const task = useTask(room.name, opened.id);
  const turns = useTurnsOf(room.name, opened.id);
  const actions = useTaskActions(room.name);
  if (task === undefined) return <Quiet>Loading…</Quiet>;
  return (
    <TaskPanel
      task={task}
      turns={turns}
      cancelling={team.some((seat) => seat.cancelling && seat.currentTaskId === task._id)}
      actions={room.rights.includes("send") && connected ? actions : null}
      questions={<Questions of={(one) => one.taskId === task._id} {...{ approvals, blocked }} />}
      turnList={<TurnList room={room.name} turns={turns} />}
      diff={<TaskDiff room={room.name} taskId={task._id} />}
    />
  );
}

/** Where the panel covers the messages; on a wide screen the questions stand among those, in sight. */
function Questions({
  of,
  approvals,
  blocked,
}: {
  of: (approval: Approval) => boolean;
  approvals: readonly Approval[];
  blocked: Blocked;
}) {
  const wide = useWide();
  const open = approvals.filter((approval) => isOpen(approval) && of(approval));
  if (wide || open.length === 0) return null;
  return (
    <ul aria-label="Open questions" className="mt-2.5 space-y-2">
      {open.map((approval) => (
        <li key={approval._id}>
          <Question approval={approval} blocked={blocked} />
        </li>
      ))}
    </ul>
  );
}

function TurnList({ room, turns }: { room: string; turns: readonly Turn[] | undefined }) {
  if (turns === undefined) return <Quiet>Loading…</Quiet>;
  if (turns.length === 0) return <Quiet>No turn was recorded for it.</Quiet>;
  const last = turns.at(-1);
  return (
    <ol className="space-y-2">
      {turns.map((turn) => (
        <li key={turn._id}>
          <TurnCard room={room} turn={turn} startsOpen={turn === last} />
        </li>
      ))}
    </ol>
  );
}

function TaskDiff({ room, taskId }: { room: string; taskId: string }) {
  const diff = useDiff(room, taskId);
  if (diff === undefined) return <Quiet>Loading…</Quiet>;
  if (diff === null) return <Quiet>No change to a repository was recorded for it.</Quiet>;
  return <DiffView diff={diff} />;
}

function Quiet({ children }: { children: ReactNode }) {
  return <p className="text-xs text-ink-faint">{children}</p>;
}
