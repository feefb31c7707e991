import { withoutControls } from "@muster/core";

/** They make text read differently from what it says, or hide in it. */
const DECEPTIVE = /[\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/**
 * What a program printed, as a person may read it: no terminal escapes and no control characters but newline
 * and tab. Characters that reorder or hide text are shown by their code, so that a person who allows a command
 * sees the command that runs. Linear in its length.
 */
export function plain(text: string): string {
  return withoutControls(text).replace(DECEPTIVE, named);
}

/** The same on one line. */
export function plainLine(text: string): string {
  return plain(text).replaceAll(/\s+/gu, " ").trim();
}

function named(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return `⟨U+${point.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
