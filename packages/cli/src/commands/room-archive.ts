import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { asCaller, quoted, roomOf } from "../session.ts";
import { withRoomArgument } from "./options.ts";

interface RoomOption {
  readonly room?: string;
}

const archive: Handler<RoomOption> = async (invocation, options, [name]) => {
  const room = roomOf(invocation, options, name);
  const backend = await asCaller(invocation);
  const answer = await backend.mutate(api.rooms.archive, { room });
  return {
    data: { room, ...answer },
    summary: `${room} is archived: its agents are stopped, and all that was said and is pending stays.`,
    next: [`muster room unarchive ${quoted(room)}`],
  };
};

const unarchive: Handler<RoomOption> = async (invocation, options, [name]) => {
  const room = roomOf(invocation, options, name);
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
  withRoomArgument(room.command("archive"))
    .description("put a room away: its agents stop, and nothing is lost")
    .action(runs(archive));
  withRoomArgument(room.command("unarchive"))
    .description("open an archived room again")
    .action(runs(unarchive));
}
