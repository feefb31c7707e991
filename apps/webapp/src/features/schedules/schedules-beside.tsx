import type { ReactNode } from "react";
import type { Room, Schedule, ScheduleSettings } from "#lib/backend.ts";
import { AddSchedule } from "./add-schedule.tsx";
import { History } from "./history.tsx";
import { Limits } from "./limits.tsx";
import { RoomSwitch } from "./room-switch.tsx";
import { ScheduleButtons } from "./schedule-buttons.tsx";
import { SchedulesPanel } from "./schedules-panel.tsx";
import { useConfigure, useScheduleActions, useSchedules, useTicks } from "./use-schedules.ts";
import type { Configure } from "./use-schedules.ts";
import { VisibilitySwitches } from "./visibility.tsx";

export interface SchedulesBesideProps {
  room: Room;
  /** The name of the one whose history is open; empty for all of them. */
  name: string;
  connected: boolean;
}

/** The schedules of a room, or one of them with its history. */
export function SchedulesBeside({ room, name, connected }: SchedulesBesideProps) {
  const found = useSchedules(room.name);
  if (found === undefined) return <p className="p-5 text-xs text-ink-faint">Loading…</p>;
  const buttonsOf = (schedule: Schedule) => (
    <Buttons schedule={schedule} room={room} connected={connected} />
  );
  if (name !== "") {
    const schedule = found.items.find((one) => one.name === name);
    if (schedule === undefined)
      return <History {...{ name, schedule }} room={room.name} ticks={[]} buttons={null} />;
    return <OneSchedule room={room} schedule={schedule} buttons={buttonsOf(schedule)} />;
  }
  const manages = room.rights.includes("manage") && connected;
  const part = (Show: SettingsPart) => (
    <Settings Show={Show} room={room.name} settings={found.settings} may={manages} />
  );
  return (
    <SchedulesPanel
      room={room.name}
      items={found.items}
      power={part(RoomSwitch)}
      add={manages ? <AddSchedule room={room} /> : undefined}
      buttonsOf={buttonsOf}
      limits={part(Limits)}
      visibility={part(VisibilitySwitches)}
    />
  );
}

type SettingsPart = (props: {
  room: string;
  settings: ScheduleSettings;
  configure: Configure | null;
}) => ReactNode;

/** A part of the settings, with refusals of its own. */
function Settings({
  Show,
  room,
  settings,
  may,
}: {
  Show: SettingsPart;
  room: string;
  settings: ScheduleSettings;
  may: boolean;
}) {
  const configure = useConfigure(room);
  return <Show room={room} settings={settings} configure={may ? configure : null} />;
}

function OneSchedule({
  room,
  schedule,
  buttons,
}: {
  room: Room;
  schedule: Schedule;
  buttons: ReactNode;
}) {
  const ticks = useTicks(room.name, schedule._id);
  return <History name={schedule.name} room={room.name} {...{ schedule, ticks, buttons }} />;
}

function Buttons({
  schedule,
  room,
  connected,
}: {
  schedule: Schedule;
  room: Room;
  connected: boolean;
}) {
  const actions = useScheduleActions(room.name, schedule._id);
  return <ScheduleButtons {...{ schedule, connected, actions }} rights={room.rights} />;
}
