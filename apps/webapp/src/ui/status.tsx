import type { ColourToken, StatusLabel } from "@muster/core";
import { clsx } from "clsx";

type Look = Pick<StatusLabel, "colour" | "pulsing" | "outlined">;

const texts = {
  grey: "text-grey",
  green: "text-green",
  blue: "text-blue",
  amber: "text-amber",
  red: "text-red",
} satisfies Record<ColourToken, string>;

const tints = {
  grey: "text-grey-dot",
  green: "text-green-dot",
  blue: "text-blue-dot",
  amber: "text-amber-dot",
  red: "text-red-dot",
} satisfies Record<ColourToken, string>;

const washes = {
  grey: "bg-grey-wash",
  green: "bg-green-wash",
  blue: "bg-blue-wash",
  amber: "bg-amber-wash",
  red: "bg-red-wash",
} satisfies Record<ColourToken, string>;

/** Each colour has a shape of its own, so that nobody has to see the colour. */
const dots = {
  grey: "rounded-full border-[1.5px] border-current",
  green: "rounded-full bg-current",
  blue: "rounded-full bg-current ring-2 ring-current/25",
  amber: "rounded-full border-2 border-current border-r-transparent",
  red: "rounded-[2px] bg-current",
} satisfies Record<ColourToken, string>;

const pulses = {
  grey: "",
  green: "animate-beat",
  blue: "animate-beat",
  amber: "animate-spin",
  red: "animate-beat",
} satisfies Record<ColourToken, string>;

/** The sign of a status without its word; the word stands beside it or in its title. */
export function StatusDot({ look, className }: { look: Look; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={clsx(
        "inline-block size-2 shrink-0 in-data-stale:grayscale",
        tints[look.colour],
        look.outlined ? "rounded-[2px] border-2 border-current" : dots[look.colour],
        look.pulsing && pulses[look.colour],
        look.pulsing && "in-data-stale:animate-none",
        className,
      )}
    />
  );
}

/** A status in its colour, its shape and its word; what the word means is in the title. */
export function StatusBadge({ status }: { status: StatusLabel }) {
  return (
    <span
      title={status.description}
      className={clsx(
        "inline-flex items-center gap-1.5 rounded px-1.5 py-0.5 text-2xs font-semibold tracking-[0.04em] whitespace-nowrap in-data-stale:grayscale",
        texts[status.colour],
        status.outlined ? "ring-1 ring-current ring-inset" : washes[status.colour],
      )}
    >
      <StatusDot look={status} />
      {status.label}
    </span>
  );
}
