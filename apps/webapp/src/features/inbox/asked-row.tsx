import { Hand } from "lucide-react";
import { addressOf } from "#lib/address.ts";
import type { Approval } from "#lib/backend.ts";
import { plainLine } from "#lib/plain.ts";
import { Age } from "#ui/age.tsx";

/** Somebody who waits for the person's answer: it leads to the room where it is given. */
export function AskedRow({ approval, onOpen }: { approval: Approval; onOpen: () => void }) {
  const { role, roomName, title, askedAt } = approval;
  return (
    <li data-asked={approval._id} className="flex gap-3 bg-amber-wash px-5 py-3">
      <Hand className="mt-1 -mx-0.5 size-3 shrink-0 text-amber" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2 text-sm">
          <a
            href={addressOf(roomName)}
            onClick={onOpen}
            className="min-w-0 truncate rounded font-semibold hover:underline"
          >
            {role} in {roomName} asks
          </a>
          <Age
            since={askedAt}
            className="ml-auto shrink-0 font-mono text-2xs text-ink-soft tabular-nums"
          />
        </p>
        <p className="mt-0.5 line-clamp-3 text-sm wrap-anywhere text-ink-soft">
          {plainLine(title)}
        </p>
      </div>
    </li>
  );
}
