import type { Beside } from "#lib/address.ts";
import type { SheetWidth } from "#ui/sheet.tsx";

/** How wide the sheet is that each kind opens beside a room. */
export const BESIDE_WIDTHS = {
  agent: "medium",
  task: "large",
  schedules: "medium",
} satisfies Record<Beside["kind"], SheetWidth>;
