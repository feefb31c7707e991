import { Dialog } from "@base-ui/react/dialog";
import { Menu } from "lucide-react";
import { Suspense, lazy, useState } from "react";
import { usePlace } from "#lib/address.ts";
import { checkCredential } from "#lib/client.ts";
import type { LinkState } from "#lib/link.ts";
import { refusalOf, sentenceOf } from "#lib/refusal.ts";
import { useWide } from "#lib/wide.ts";
import { Boundary } from "#ui/boundary.tsx";
import { Button } from "#ui/button.tsx";
import { Command } from "#ui/command.tsx";
import { Empty } from "#ui/empty.tsx";
import { SheetPlace } from "#ui/sheet.tsx";
import { BESIDE_WIDTHS } from "./beside-width.ts";
import { useAttention } from "./features/approvals/use-attention.ts";
import { useWaiting } from "./features/approvals/use-approvals.ts";
import { InboxBell } from "./features/inbox/bell.tsx";
import { NewRoom } from "./features/new-room/new-room.tsx";
import { Notices } from "./features/notices/notices.tsx";
import { ofServer } from "./features/notices/use-notices.ts";
import { useFirstRoom } from "./features/rooms/use-first-room.ts";
import { useRooms } from "./features/rooms/use-rooms.ts";
import { RoomPage } from "./room-page.tsx";
import { Sidebar } from "./sidebar.tsx";

const Courier = lazy(() =>
  import("./features/inbox/courier.tsx").then((module) => ({ default: module.Courier })),
);

/** The list of rooms and the room that is open. */
export function Shell({ link }: { link: LinkState }) {
  const wide = useWide();
  const rooms = useRooms();
  const place = usePlace();
  const waiting = useWaiting();
  const current = place?.room ?? null;
  const beside = place?.beside ?? null;
  useFirstRoom(current !== null, rooms?.[0]?.name ?? null);
  useAttention(current, waiting);
  const sidebar = (onOpen?: () => void) => (
    <Sidebar {...{ rooms, current, waiting, link }} {...(onOpen && { onOpen })} />
  );
  const nav = wide ? null : (
    <>
      <Drawer>{sidebar}</Drawer>
      <InboxBell questions={waiting} />
    </>
  );
  return (
    <>
      <div className="flex">
        <div className="min-w-0 flex-1">
          <Notices of={ofServer} label="Notices of the server" />
        </div>
        {beside !== null && <SheetPlace width={BESIDE_WIDTHS[beside.kind]} />}
      </div>
      <div className="flex min-h-0 flex-1">
        {wide && <div className="w-60 shrink-0 border-r border-line">{sidebar()}</div>}
        <main className="flex min-w-0 flex-1 flex-col bg-panel">
          {current === null ? (
            <NoRoom loading={rooms?.length !== 0} nav={nav} />
          ) : (
            <Boundary key={current} onError={checkCredential} fallback={cannotShow}>
              <RoomPage room={current} opened={beside} link={link} nav={nav} />
            </Boundary>
          )}
        </main>
      </div>
      <Suspense fallback={null}>
        <Courier />
      </Suspense>
    </>
  );
}

function cannotShow(error: unknown, reset: () => void) {
  const missing = refusalOf(error)?.kind === "not_found";
  return (
    <div className="m-auto max-w-md p-6">
      <Empty title={missing ? "There is no such room here" : "This room cannot be shown now"}>
        <p>{sentenceOf(error)}</p>
        <div className="flex gap-2">
          <Button onClick={reset}>Try again</Button>
          <Button look="quiet" render={<a href="#/">All rooms</a>} nativeButton={false} />
        </div>
      </Empty>
    </div>
  );
}

function NoRoom({ loading, nav }: { loading: boolean; nav: React.ReactNode }) {
  return (
    <>
      {nav !== null && <div className="flex border-b border-line p-2">{nav}</div>}
      <div className="m-auto max-w-md p-6">
        {loading ? (
          <p className="text-sm text-ink-faint">Loading…</p>
        ) : (
          <Empty title="Make your first room">
            <p>
              A room is where people and agents work as a team. Say where your repository is and
              which agent program works on it:
            </p>
            <NewRoom trigger={<Button look="solid">New room</Button>} />
            <p className="pt-2">Or in a terminal, in your repository:</p>
            <Command>muster room create harbor --repo . --harness opencode</Command>
          </Empty>
        )}
      </div>
    </>
  );
}

function Drawer({ children }: { children: (onOpen: () => void) => React.ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger
        aria-label="Rooms"
        className="flex size-8 shrink-0 items-center justify-center rounded-md text-ink-soft hover:bg-sunken"
      >
        <Menu className="size-4" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/40 transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup className="fixed inset-y-0 left-0 z-50 w-72 max-w-[85vw] border-r border-line bg-paper outline-none transition-transform duration-150 data-ending-style:-translate-x-full data-starting-style:-translate-x-full">
          <Dialog.Title className="sr-only">Rooms</Dialog.Title>
          {children(() => setOpen(false))}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
