import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { asCaller, quoted, roomOf } from "../session.ts";

interface RoomOption {
  readonly room?: string;
}

const archive: Handler<RoomOption> = async (invocation, options, [name]) => {
  const room = roomOf(invocation, name === undefined ? options : { room: name });
  const backend = await asCaller(invocation);
  const answer = await backend.mutate(api.rooms.archive, { room });
  const undo = `muster room unarchive ${quoted(room)}`;
  return {
    data: { room, ...answer },
    summary: `${room} is archived: its agents are stopped, and all that was said and is pending stays. Undo: ${undo}`,
    next: [undo],
  };
};

const unarchive: Handler<RoomOption> = async (invocation, options, [name]) => {
  const room = roomOf(invocation, name === undefined ? options : { room: name });
  const backend = await asCaller(invocation);
  const answer = await backend.mutate(api.rooms.unarchive, { room });
  const start = `muster agent start --room ${quoted(room)} --role ROLE`;
  return {
    data: { room, ...answer },
    summary: `${room} is open again. Its agents stay stopped until you start them: ${start}`,
    next: [`muster room show ${quoted(room)}`],
  };
};

export function addRoomArchive(room: Command, runs: Runs): void {
  room
    .command("archive")
    .description("put a room away: its agents stop, and nothing is lost")
    .argument("[room]", "its name or id (default: $MUSTER_ROOM)")
    .action(runs(archive));
  room
    .command("unarchive")
    .description("open an archived room again")
    .argument("[room]", "its name or id (default: $MUSTER_ROOM)")
    .action(runs(unarchive));
}
