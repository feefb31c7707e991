import { Tabs } from "@base-ui/react/tabs";
import { isActive } from "@muster/core";
import { useMutation, useQuery } from "convex/react";
import { useEffect } from "react";
import type { ReactNode } from "react";
import { api } from "#lib/backend.ts";
import type { Room, Seat, Task } from "#lib/backend.ts";
import type { LinkState } from "#lib/link.ts";
import { useTeam } from "#lib/team.ts";
import { useWide } from "#lib/wide.ts";
import { AgentPanel } from "./features/agents/agent-panel.tsx";
import { Composer } from "./features/composer/composer.tsx";
import { useSend } from "./features/composer/use-send.ts";
import { Timeline } from "./features/messages/timeline.tsx";
import { useMessages } from "./features/messages/use-messages.ts";
import { RoomHeader } from "./features/rooms/room-header.tsx";
import { useMe } from "./features/sign-in/use-me.ts";
import { TaskList } from "./features/tasks/task-list.tsx";
import { SHOWN, useRetry, useTasks } from "./features/tasks/use-tasks.ts";

interface Parts {
  readonly talk: ReactNode;
  readonly agents: ReactNode;
  readonly tasks: ReactNode;
  /** How many tasks are open, in words; empty when none is. */
  readonly openTasks: string;
}

/** A room: what is said, who is there, what is to be done. `nav` opens the list of rooms on a narrow screen. */
export function RoomPage({
  room: asked,
  link,
  nav,
}: {
  room: string;
  link: LinkState;
  nav: ReactNode;
}) {
  const room = useQuery(api.rooms.get, { room: asked });
  const team = useTeam(asked);
  const tasks = useTasks(asked);
  const wide = useWide();
  const { problem, retry } = useRetry(asked);
  useEffect(() => {
    document.title = `${room?.name ?? asked} · Muster`;
    return () => {
      document.title = "Muster";
    };
  }, [room?.name, asked]);

  if (room === undefined) return <Loading nav={nav} />;
  const parts: Parts = {
    talk: <Talk room={room} team={team} link={link} />,
    agents: <AgentPanel room={room} team={team} connected={link.state !== "lost"} />,
    tasks: (
      <TaskList
        tasks={tasks}
        room={room}
        problem={problem}
        onRetry={link.state === "lost" ? null : retry}
      />
    ),
    openTasks: countOpen(tasks),
  };
  return (
    <>
      <RoomHeader room={room} team={team} nav={nav} />
      {wide ? <SideBySide {...parts} /> : <OneByOne {...parts} />}
    </>
  );
}

function Talk({
  room,
  team,
  link,
}: {
  room: Room;
  team: readonly Seat[] | undefined;
  link: LinkState;
}) {
  const messages = useMessages(room.name);
  const me = useMe();
  const send = useSend(room.name, me?.name ?? "you");
  const start = useMutation(api.agents.start);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Timeline messages={messages} room={room.name} />
      <Composer
        room={room}
        team={team ?? []}
        connected={link.state !== "lost"}
        send={send}
        start={(role) => start({ room: room.name, role })}
      />
    </div>
  );
}

function SideBySide({ talk, agents, tasks, openTasks }: Parts) {
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">{talk}</div>
      <aside className="w-[21.5rem] shrink-0 overflow-y-auto border-l border-line bg-paper">
        <Section title="Agents">{agents}</Section>
        <Section title={openTasks === "" ? "Tasks" : `Tasks · ${openTasks} open`}>{tasks}</Section>
      </aside>
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

function OneByOne({ talk, agents, tasks, openTasks }: Parts) {
  return (
    <Tabs.Root defaultValue="messages" className="flex min-h-0 flex-1 flex-col">
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
