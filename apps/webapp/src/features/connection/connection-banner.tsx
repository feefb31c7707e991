import { Unplug } from "lucide-react";
import type { LinkState } from "#lib/link.ts";
import { ageOf, useNow } from "#lib/time.ts";

/** Says that the page no longer hears its backend, and how old everything on it is. Nothing while it does. */
export function ConnectionBanner({ link, backend }: { link: LinkState; backend: string }) {
  if (link.state !== "lost") return null;
  return (
    <div
      role="alert"
      className="flex items-center justify-center gap-2 border-b border-line bg-amber-wash px-4 py-1.5 text-center text-sm text-amber"
    >
      <Unplug className="size-4 shrink-0" aria-hidden="true" />
      <p>
        <strong className="font-semibold">Not connected to {backend}.</strong>{" "}
        <Staleness heardAt={link.heardAt} /> Trying again by itself.
      </p>
    </div>
  );
}

function Staleness({ heardAt }: { heardAt: number | null }) {
  const now = useNow();
  if (heardAt === null) return <>It has not answered yet; is it running?</>;
  return <>What you see is {ageOf(now - heardAt)} old and may be wrong by now.</>;
}
