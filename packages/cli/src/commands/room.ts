import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { ago } from "../output/ago.ts";
import { rosterLines } from "../output/roster.ts";
import { asCaller, roomOf } from "../session.ts";
import { withRoomArgument } from "./options.ts";
import { addRoomArchive } from "./room-archive.ts";
import { addRoomCreate } from "./room-create.ts";
import { whatToDo } from "./what-to-do.ts";

const list: Handler<{ archived?: boolean }> = async (invocation, { archived = false }) => {
  const backend = await asCaller(invocation);
  const known = await backend.query(api.rooms.list, archived ? { archived } : {});
  const items = known.items.filter(({ archivedAt }) => (archivedAt !== null) === archived);
  const [first] = items;
  const count = items.length === 1 ? "1 room" : `${items.length} rooms`;
  const none = archived ? "No room is archived." : "No rooms yet.";
  return {
    data: { items },
    summary: archived ? `${count}, archived` : count,
    lines:
      first === undefined ? [none] : items.map((room) => `${room.name}  ${room.team.join(", ")}`),
    next: archived
      ? items.slice(0, 1).map(({ name }) => `muster room unarchive ${name}`)
      : first === undefined
        ? ["muster room create harbor --team planner,builder"]
        : [],
  };
};

const show: Handler<{ room?: string }> = async (invocation, options, [name]) => {
  const backend = await asCaller(invocation);
  const wanted = roomOf(invocation, options, name);
  const [room, { items }] = await Promise.all([
    backend.query(api.rooms.get, { room: wanted }),
    backend.query(api.rooms.getTeamReadiness, { room: wanted }),
  ]);
  return {
    data: { ...room, seats: items },
    summary: `Room ${room.name}: ${items.length} roles, messages go to ${room.entryRole}.`,
    lines: [
      room.archivedAt === null
        ? `${room.name} – messages go to ${room.entryRole}`
        : `${room.name} – archived${by(room.archivedBy)} ${ago(Date.now() - room.archivedAt)} ago`,
      ...rosterLines(items, Date.now()),
    ],
    next:
      room.archivedAt === null
        ? whatToDo(room.name, items)
        : [`muster room unarchive ${room.name}`],
  };
};

const by = (name: string | null): string => (name === null ? "" : ` by ${name}`);

export function addRoom(program: Command, runs: Runs): void {
  const room = program.command("room").description("rooms, where a team talks");
  addRoomCreate(room, runs);
  addRoomArchive(room, runs);
  room
    .command("list")
    .description("the rooms you may enter")
    .option("--archived", "those that were archived instead")
    .action(runs(list));
  withRoomArgument(room.command("show")).description("a room and who is in it").action(runs(show));
}
