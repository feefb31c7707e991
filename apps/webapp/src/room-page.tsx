import { Tabs } from "@base-ui/react/tabs";
import { OK_TOKEN, isActive } from "@muster/core";
import { useMutation, useQuery } from "convex/react";
import { Suspense, lazy, useMemo } from "react";
import type { ReactNode } from "react";
import type { Beside as Opened } from "#lib/address.ts";
import { api } from "#lib/backend.ts";
import type { Approval, Room, Seat, Task } from "#lib/backend.ts";
import type { LinkState } from "#lib/link.ts";
import { useTeam } from "#lib/team.ts";
import { useWide } from "#lib/wide.ts";
import { SheetPlace } from "#ui/sheet.tsx";
import { BESIDE_WIDTHS } from "./beside-width.ts";
import { AgentList } from "./features/agents/agent-list.tsx";
import { CrashLine } from "./features/agents/crash-line.tsx";
import type { Crash } from "./features/agents/crashes.ts";
import { useCrashes } from "./features/agents/use-crashes.ts";
import { whyBlocked } from "./features/approvals/blocked.ts";
import type { Blocked } from "./features/approvals/blocked.ts";
import { DecidedLine } from "./features/approvals/decided-line.tsx";
import { QuestionDock } from "./features/approvals/question-dock.tsx";
import { isOpen, useApprovals } from "./features/approvals/use-approvals.ts";
import { Composer } from "./features/composer/composer.tsx";
import { useSend } from "./features/composer/use-send.ts";
import { SeatHoldup, looksStuck } from "./features/holdups/seat-holdup.tsx";
import { useHoldups } from "./features/holdups/use-holdups.ts";
import { WaitingDock } from "./features/holdups/waiting-dock.tsx";
import { Timeline } from "./features/messages/timeline.tsx";
import type { Happening } from "./features/messages/timeline.tsx";
import { useMessages } from "./features/messages/use-messages.ts";
import { Notices } from "./features/notices/notices.tsx";
import { ofRoom } from "./features/notices/use-notices.ts";
import { withinReach } from "./features/rooms/archived-line.tsx";
import { RoomHeader } from "./features/rooms/room-header.tsx";
import { ScheduleLink } from "./features/schedules/schedule-link.tsx";
import { useMe } from "./features/sign-in/use-me.ts";
import { TaskList } from "./features/tasks/task-list.tsx";
import { SHOWN, useTaskActions, useTasks } from "./features/tasks/use-tasks.ts";
import { LiveStrip } from "./features/turns/live-strip.tsx";

const Beside = lazy(() => import("./beside.tsx").then((module) => ({ default: module.Beside })));

interface Parts {
  readonly notices: ReactNode;
  readonly talk: ReactNode;
  readonly agents: ReactNode;
  readonly tasks: ReactNode;
  /** How many tasks are open, in words; empty when none is. */
  readonly openTasks: string;
}

export interface RoomPageProps {
  room: string;
  /** What the address says is open beside the messages. */
  opened: Opened | null;
  link: LinkState;
  /** Opens the list of rooms on a narrow screen. */
  nav: ReactNode;
}

/** A room: what is said, who is there, what is to be done, and what of it is looked at closely. */
export function RoomPage({ room: asked, opened, link, nav }: RoomPageProps) {
  const found = useQuery(api.rooms.get, { room: asked });
  const team = useTeam(asked);
  const tasks = useTasks(asked);
  const approvals = useApprovals(asked);
  const holdups = useHoldups(asked, team?.some(looksStuck) ?? false);
  const wide = useWide();
  const { problem, retry } = useTaskActions(asked);

  if (found === undefined) return <Loading nav={nav} />;
  const room = withinReach(found);
  const connected = link.state !== "lost";
  const blocked = whyBlocked(room, connected);
  const sheet = opened === null ? null : BESIDE_WIDTHS[opened.kind];
  const parts: Parts = {
    notices: (
      <Notices of={ofRoom(room._id)} label={`Notices of ${room.name}`} rights={room.rights} />
    ),
    talk: <Talk {...{ room, team, tasks, approvals, blocked, connected }} />,
    agents: (
      <AgentList {...{ room, team, connected }} explained={explainedBy(holdups, room, connected)} />
    ),
    tasks: (
      <TaskList tasks={tasks} room={room} problem={problem} onRetry={connected ? retry : null} />
    ),
    openTasks: countOpen(tasks),
  };
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <RoomHeader
          room={found}
          team={team}
          nav={nav}
          schedules={<ScheduleLink room={room.name} />}
        />
        {wide ? <SideBySide {...parts} covered={sheet !== null} /> : <OneByOne {...parts} />}
      </div>
      {opened !== null && sheet !== null && (
        <>
          <SheetPlace width={sheet} />
          <Suspense fallback={null}>
            <Beside
              {...{ opened, room, approvals, blocked, connected }}
              team={team ?? NOBODY}
              width={sheet}
            />
          </Suspense>
        </>
      )}
    </div>
  );
}

const NOBODY: readonly Seat[] = [];
const NOTHING: readonly Task[] = [];

/** Puts what holds an agent up in the place of its reason. */
const explainedBy =
  (holdups: ReturnType<typeof useHoldups>, room: Room, connected: boolean) =>
  (seat: Seat, reason: ReactNode) => (
    <SeatHoldup {...{ seat, room, connected }} found={holdups.get(seat.role)} none={reason} />
  );

interface TalkProps {
  room: Room;
  team: readonly Seat[] | undefined;
  tasks: readonly Task[] | undefined;
  approvals: readonly Approval[];
  blocked: Blocked;
  connected: boolean;
}

function Talk({ room, team = NOBODY, tasks = NOTHING, approvals, blocked, connected }: TalkProps) {
  const schedules = useQuery(api.schedules.list, { room: room.name });
  const messages = useMessages(room.name, schedules?.shown.showOk ?? true);
  const okTokenOf = (taskId: string): string | null => {
    const from = tasks.find(({ _id }) => _id === taskId)?.from;
    if (from?.kind !== "system") return null;
    return schedules?.items.find(({ name }) => name === from.name)?.okToken ?? OK_TOKEN;
  };
  const me = useMe();
  const send = useSend(room.name, me?.name ?? "you");
  const start = useMutation(api.agents.start);
  const crashes = useCrashes(room.name, team);
  const happenings = useMemo(
    () =>
      [
        ...approvals.filter((one) => !isOpen(one)).map(asHappening),
        ...[...crashes].flatMap(([seat, all]) => all.map((crash) => crashOf(seat, crash))),
      ].toSorted((a, b) => a.at - b.at),
    [approvals, crashes],
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Timeline messages={messages} room={room.name} happenings={happenings} />
      <LiveStrip room={room.name} team={team} okTokenOf={okTokenOf} />
      <WaitingDock {...{ room, team, tasks, connected }} />
      <QuestionDock approvals={approvals} blocked={blocked} />
      <Composer
        room={room}
        team={team}
        connected={connected}
        send={send}
        start={(role) => start({ room: room.name, role })}
      />
    </div>
  );
}

function asHappening(approval: Approval): Happening {
  const at = approval.closedAt ?? approval.askedAt;
  return { id: approval._id, at, row: <DecidedLine approval={approval} /> };
}

function crashOf(seat: Seat, crash: Crash): Happening {
  const { at } = crash;
  return { id: `${seat.role} ${at}`, at, row: <CrashLine seat={seat} crash={crash} /> };
}

/** While something is open beside the room, it lies where agents and tasks are otherwise. */
function SideBySide({
  notices,
  talk,
  agents,
  tasks,
  openTasks,
  covered,
}: Parts & { covered: boolean }) {
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        {notices}
        {talk}
      </div>
      {!covered && (
        <aside className="w-[21.5rem] shrink-0 overflow-y-auto border-l border-line bg-paper">
          <Section title="Agents">{agents}</Section>
          <Section title={openTasks === "" ? "Tasks" : `Tasks · ${openTasks} open`}>
            {tasks}
          </Section>
        </aside>
      )}
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-b border-line last:border-b-0">
      <h2 className="sticky top-0 z-10 border-b border-line bg-paper px-4 py-2 text-xs font-medium text-ink-faint">
        {title}
      </h2>
      {children}
    </section>
  );
}

function OneByOne({ notices, talk, agents, tasks, openTasks }: Parts) {
  return (
    <Tabs.Root defaultValue="messages" className="flex min-h-0 flex-1 flex-col">
      {notices}
      <Tabs.List className="relative flex shrink-0 gap-1 border-b border-line px-3">
        <Tab value="messages">Messages</Tab>
        <Tab value="agents">Agents</Tab>
        <Tab value="tasks">{openTasks === "" ? "Tasks" : `Tasks · ${openTasks}`}</Tab>
      </Tabs.List>
      <Tabs.Panel value="messages" keepMounted className={panel}>
        {talk}
      </Tabs.Panel>
      <Tabs.Panel value="agents" className={`${panel} overflow-y-auto`}>
        {agents}
      </Tabs.Panel>
      <Tabs.Panel value="tasks" className={`${panel} overflow-y-auto`}>
        {tasks}
      </Tabs.Panel>
    </Tabs.Root>
  );
}

const panel = "flex min-h-0 flex-1 flex-col data-hidden:hidden outline-none";

function Tab({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Tabs.Tab
      value={value}
      className="-mb-px border-b-2 border-transparent px-2 py-2 text-sm text-ink-soft data-active:border-ink data-active:font-medium data-active:text-ink"
    >
      {children}
    </Tabs.Tab>
  );
}

function Loading({ nav }: { nav: ReactNode }) {
  return (
    <>
      {nav !== null && <div className="border-b border-line p-2">{nav}</div>}
      <p className="m-auto text-sm text-ink-faint">Loading…</p>
    </>
  );
}

function countOpen(tasks: readonly Task[] = []): string {
  const open = tasks.filter((task) => isActive(task.status) || task.status === "dead_letter");
  if (open.length === 0) return "";
  return tasks.length < SHOWN ? `${open.length}` : `${open.length}+`;
}
