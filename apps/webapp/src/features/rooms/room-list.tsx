import { clsx } from "clsx";
import { Hash } from "lucide-react";
import { addressOf } from "#lib/address.ts";
import type { RoomRow } from "#lib/backend.ts";
import { Empty } from "#ui/empty.tsx";
import { RoomSigns } from "./room-signs.tsx";

/** Every room as a link, with its team's dots; `current` is the room that is open. */
export function RoomList({
  rooms,
  current,
  onOpen,
}: {
  rooms: readonly RoomRow[] | undefined;
  current: string | null;
  onOpen?: () => void;
}) {
  if (rooms === undefined) return <p className="px-4 py-3 text-sm text-ink-faint">Loading…</p>;
  if (rooms.length === 0) return <NoRooms />;
  return (
    <ul className="space-y-px px-2">
      {rooms.map((room) => {
        const open = room.name === current || room._id === current;
        return (
          <li key={room._id}>
            <a
              href={addressOf(room.name)}
              onClick={onOpen}
              aria-current={open ? "page" : undefined}
              className={clsx(
                "flex h-8 items-center gap-2 rounded-md px-2 text-sm",
                open
                  ? "bg-raised font-medium text-ink shadow-[0_0_0_1px_var(--line)]"
                  : "text-ink-soft hover:bg-sunken hover:text-ink",
              )}
            >
              <Hash className="size-3.5 shrink-0 text-ink-faint" aria-hidden="true" />
              <span className="min-w-0 flex-1 truncate">{room.name}</span>
              <RoomSigns room={room.name} />
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function NoRooms() {
  return (
    <Empty title="No room is open">
      <p>A room is where a team talks.</p>
    </Empty>
  );
}
