import type { AskedKind } from "@muster/core";
import type { Room } from "#lib/backend.ts";

/** Why this person cannot answer now, as a sentence, by what is asked; null when they can. */
export type Blocked = Readonly<Record<AskedKind, string | null>>;

/** To allow something takes a right of its own; a question is answered by everybody who may write. */
export function whyBlocked({ rights }: Pick<Room, "rights">, connected: boolean): Blocked {
  const cut = connected ? null : "Not connected.";
  const without = (right: Room["rights"][number]) =>
    rights.includes(right) ? cut : "You may read this, but not answer.";
  return { approval: without("approve"), question: without("send") };
}
