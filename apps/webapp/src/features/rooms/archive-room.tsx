import { useMutation } from "convex/react";
import { Archive } from "lucide-react";
import { useState } from "react";
import { useAsking } from "#lib/asking.ts";
import { api } from "#lib/backend.ts";
import type { Room } from "#lib/backend.ts";
import { Button } from "#ui/button.tsx";
import { Modal } from "#ui/modal.tsx";

/** Puts the room away once the person has read what that means; nothing for whoever may not. */
export function ArchiveRoom({ room }: { room: Room }) {
  const [open, setOpen] = useState(false);
  if (room.archivedAt !== null || !room.rights.includes("manage")) return null;
  const trigger = (
    <Button look="quiet" size="icon" aria-label={`Archive ${room.name}`} title="Archive this room">
      <Archive className="size-4" aria-hidden="true" />
    </Button>
  );
  return (
    <Modal title={`Archive ${room.name}?`} trigger={trigger} open={open} onOpenChange={setOpen}>
      <Confirmation room={room} onDone={() => setOpen(false)} />
    </Modal>
  );
}

function Confirmation({ room, onDone }: { room: Room; onDone: () => void }) {
  const archive = useMutation(api.rooms.archive);
  const { busy, problem, ask } = useAsking();
  const submit = async () => {
    if ((await ask(() => archive({ room: room._id }))) !== undefined) onDone();
  };
  return (
    <div className="space-y-4 p-5 text-sm">
      <p>
        Its agents are stopped, and nobody writes or works here any more. Everything that was said
        and everything that waits stays, and you can open the room again.
      </p>
      {problem !== null && (
        <p role="alert" className="text-red">
          {problem}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Keep it open</Button>
        <Button look="danger" disabled={busy} onClick={() => void submit()}>
          Archive
        </Button>
      </div>
    </div>
  );
}
