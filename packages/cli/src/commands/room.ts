import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { rosterLines } from "../output/roster.ts";
import { asCaller, roomOf } from "../session.ts";
import { addRoomCreate } from "./room-create.ts";
import { whatToDo } from "./what-to-do.ts";

const list: Handler<object> = async (invocation) => {
  const backend = await asCaller(invocation);
  const { items } = await backend.query(api.rooms.list, {});
  return {
    data: { items },
    summary: items.length === 1 ? "1 room" : `${items.length} rooms`,
    lines:
      items.length === 0
        ? ["No rooms yet."]
        : items.map((room) => `${room.name}  ${room.team.join(", ")}`),
    next: items.length === 0 ? ["muster room create harbor --team planner,builder"] : [],
  };
};

const show: Handler<{ room?: string }> = async (invocation, options, [name]) => {
  const backend = await asCaller(invocation);
  const wanted = roomOf(invocation, name === undefined ? options : { room: name });
  const [room, { items }] = await Promise.all([
    backend.query(api.rooms.get, { room: wanted }),
    backend.query(api.rooms.getTeamReadiness, { room: wanted }),
  ]);
  return {
    data: { ...room, seats: items },
    summary: `Room ${room.name}: ${items.length} roles, messages go to ${room.entryRole}.`,
    lines: [`${room.name} – messages go to ${room.entryRole}`, ...rosterLines(items, Date.now())],
    next: whatToDo(room.name, items),
  };
};

export function addRoom(program: Command, runs: Runs): void {
  const room = program.command("room").description("rooms, where a team talks");
  addRoomCreate(room, runs);
  room.command("list").description("the rooms you may enter").action(runs(list));
  room
    .command("show")
    .description("a room and who is in it")
    .argument("[room]", "its name or id (default: $MUSTER_ROOM)")
    .action(runs(show));
}
