const keyOf = (room: string) => `muster.draft.${room}`;

/** What a person had begun to write in a room; kept for this tab, through a reload and other rooms. */
export function readDraft(room: string): string {
  return sessionStorage.getItem(keyOf(room)) ?? "";
}

export function keepDraft(room: string, text: string): void {
  if (text === "") sessionStorage.removeItem(keyOf(room));
  else sessionStorage.setItem(keyOf(room), text);
}

/** A refused text comes back in front of whatever was written since. */
export function putBack(refused: string, since: string): string {
  return since.trim() === "" ? refused : `${refused}\n\n${since}`;
}
