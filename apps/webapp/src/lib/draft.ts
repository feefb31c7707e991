const keyOf = (of: string) => `muster.draft.${of}`;

/**
 * What a person had begun to write, in a room by its name or as the answer to a question by its id; kept for this tab, through a
 * reload and other rooms.
 */
export function readDraft(of: string): string {
  return sessionStorage.getItem(keyOf(of)) ?? "";
}

/** An empty text is none. */
export function keepDraft(of: string, text: string): void {
  if (text === "") sessionStorage.removeItem(keyOf(of));
  else sessionStorage.setItem(keyOf(of), text);
}
