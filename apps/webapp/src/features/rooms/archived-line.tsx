import { useMutation } from "convex/react";
import { Archive } from "lucide-react";
import { useAsking } from "#lib/asking.ts";
import { api } from "#lib/backend.ts";
import type { Room } from "#lib/backend.ts";
import { Age } from "#ui/age.tsx";
import { Button } from "#ui/button.tsx";

/** Says of an archived room that it is, and opens it again for whoever may. */
export function ArchivedLine({ room }: { room: Room }) {
  const unarchive = useMutation(api.rooms.unarchive);
  const { busy, problem, ask } = useAsking();
  if (room.archivedAt === null) return null;
  return (
    <div
      role="status"
      className="flex items-center gap-2.5 border-b border-line bg-sunken px-3 py-1.5 text-sm wide:px-5"
    >
      <Archive className="size-4 shrink-0 text-ink-soft" aria-hidden="true" />
      <p className="min-w-0 flex-1">
        {problem ?? (
          <>
            This room was archived{room.archivedBy !== null && ` by ${room.archivedBy}`}{" "}
            <Age since={room.archivedAt} /> ago: it can be read, and nothing happens in it.
          </>
        )}
      </p>
      {room.rights.includes("manage") && (
        <Button
          size="small"
          disabled={busy}
          onClick={() => void ask(() => unarchive({ room: room._id }))}
        >
          Open it again
        </Button>
      )}
    </div>
  );
}

/** The room as its parts see it: in an archived one nobody may do anything. */
export function withinReach(room: Room): Room {
  return room.archivedAt === null ? room : { ...room, rights: [] };
}
