import type { api as Api } from "@muster/backend/api";
import { anyApi } from "convex/server";
import type { FunctionReturnType } from "convex/server";

/** The backend's public functions by name. Only its types are imported; none of its code reaches the page. */
export const api = anyApi as unknown as typeof Api;

export type Room = FunctionReturnType<typeof api.rooms.get>;
export type RoomRow = FunctionReturnType<typeof api.rooms.list>["items"][number];
export type Seat = FunctionReturnType<typeof api.rooms.getTeamReadiness>["items"][number];
export type Explanation = FunctionReturnType<typeof api.rooms.explain>["items"][number];
export type Holdup = NonNullable<Explanation["holdup"]>;
export type Message = FunctionReturnType<typeof api.messages.list>["items"][number];
export type Task = FunctionReturnType<typeof api.tasks.list>["items"][number];
export type Evidence = FunctionReturnType<typeof api.participants.evidence>;
export type SeatEvent = FunctionReturnType<typeof api.participants.events>["items"][number];
export type Turn = FunctionReturnType<typeof api.turns.ofTask>["items"][number];
export type TurnEvent = FunctionReturnType<typeof api.turns.events>["items"][number];
export type Approval = FunctionReturnType<typeof api.approvals.list>["items"][number];
export type Diff = NonNullable<FunctionReturnType<typeof api.tasks.diff>>;
export type Machine = FunctionReturnType<typeof api.machines.list>["items"][number];
export type Harness = Machine["harnesses"][number];
type Schedules = FunctionReturnType<typeof api.schedules.list>;
export type Schedule = Schedules["items"][number];
export type ScheduleSettings = Schedules["settings"];
export type Tick = FunctionReturnType<typeof api.schedules.ticks>["items"][number];
export type Notice = FunctionReturnType<typeof api.notices.list>["items"][number];
export type Delivery = FunctionReturnType<typeof api.inbox.list>["items"][number];
export type InboxSettings = FunctionReturnType<typeof api.inbox.settings>;
