import type { LinkState } from "#lib/link.ts";
import { StatusDot } from "#ui/status.tsx";

const faces = {
  connecting: { text: "Connecting…", look: { colour: "amber", pulsing: true, outlined: false } },
  live: { text: "Live", look: { colour: "green", pulsing: false, outlined: false } },
  lost: { text: "Not connected", look: { colour: "red", pulsing: false, outlined: false } },
} as const satisfies Record<LinkState["state"], unknown>;

/** The state of the line in a word, always in sight. */
export function ConnectionBadge({ link }: { link: LinkState }) {
  const { text, look } = faces[link.state];
  return (
    <span className="inline-flex items-center gap-1.5 text-xs text-ink-soft" data-link={link.state}>
      <StatusDot look={look} className="size-1.5!" />
      {text}
    </span>
  );
}
