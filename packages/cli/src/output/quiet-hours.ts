import type { QuietHours } from "@muster/core";

/** `from 22:00 to 07:00, Europe/Berlin`; what ends when it begins is never. */
export function quietWords({ from, to, zone }: QuietHours): string {
  return `from ${from} to ${to}, ${zone}${from === to ? ": that is never" : ""}`;
}
