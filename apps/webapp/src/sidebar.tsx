import { LogOut, Plus } from "lucide-react";
import type { Approval, RoomRow } from "#lib/backend.ts";
import type { LinkState } from "#lib/link.ts";
import { Button } from "#ui/button.tsx";
import { ThemeSwitch } from "#ui/theme-switch.tsx";
import { Wordmark } from "#ui/wordmark.tsx";
import { ConnectionBadge } from "./features/connection/connection-badge.tsx";
import { InboxBell } from "./features/inbox/bell.tsx";
import { NewRoom } from "./features/new-room/new-room.tsx";
import { RoomList } from "./features/rooms/room-list.tsx";
import { useMe } from "./features/sign-in/use-me.ts";
import { useSignOut } from "./features/sign-in/use-sign-out.ts";

/** Wordmark, rooms, and who is signed in over which line. */
export function Sidebar({
  rooms,
  current,
  waiting,
  link,
  onOpen,
}: {
  rooms: readonly RoomRow[] | undefined;
  current: string | null;
  /** The open questions of all rooms. */
  waiting: readonly Approval[];
  link: LinkState;
  onOpen?: () => void;
}) {
  const me = useMe();
  const signOut = useSignOut();
  return (
    <aside aria-label="Muster" className="flex h-full flex-col">
      <div className="flex h-13 shrink-0 items-center justify-between px-4">
        <Wordmark />
        {onOpen === undefined && <InboxBell questions={waiting} />}
      </div>
      <nav aria-label="Rooms" className="min-h-0 flex-1 overflow-y-auto pt-2">
        <div className="flex items-center justify-between pr-2 pb-1 pl-4">
          <h2 className="text-xs font-medium text-ink-faint">Rooms</h2>
          <NewRoom
            trigger={
              <Button look="quiet" size="small">
                <Plus className="size-3.5" aria-hidden="true" /> New room
              </Button>
            }
          />
        </div>
        <RoomList rooms={rooms} current={current} {...(onOpen && { onOpen })} />
      </nav>
      <div className="flex items-center gap-1 border-t border-line py-2 pr-2 pl-4">
        <div className="min-w-0 flex-1">
          <p className="truncate text-sm font-medium">{me?.name ?? "…"}</p>
          <ConnectionBadge link={link} />
        </div>
        <ThemeSwitch />
        <Button look="quiet" size="icon" aria-label="Sign out" title="Sign out" onClick={signOut}>
          <LogOut className="size-4" />
        </Button>
      </div>
    </aside>
  );
}
