/** The most that one text may hold, in bytes of UTF-8, by what it is. */
export const TEXT_LIMITS = {
  /** A message, a task or a handoff: longer things belong into the repository. */
  message: 64 * 1024,
  /** A progress line: a person reads it at a glance. */
  progress: 4 * 1024,
  /** The last output of a process that ended. */
  tail: 4 * 1024,
  /** One event of a turn, its structure included: an agent's output is looked at, not archived. */
  event: 4 * 1024,
  /** What a permission question is about: a person reads it before they allow it. */
  detail: 4 * 1024,
  /** What an agent asks people: they have other things to read as well. */
  question: 4 * 1024,
  /** What people say to it: a paragraph, or a page that they paste. */
  answer: 16 * 1024,
} as const;
export type TextKind = keyof typeof TEXT_LIMITS;

export type TextProblem = { readonly kind: "invalid" | "too_large"; readonly message: string };

/** What is wrong with a text, with the kind of refusal and one sentence; null when it may be stored. */
export function textProblem(text: string, what: TextKind): TextProblem | null {
  if (text.trim() === "") return { kind: "invalid", message: `The ${what} is empty.` };
  const bytes = utf8Length(text);
  const limit = TEXT_LIMITS[what];
  if (bytes <= limit) return null;
  return {
    kind: "too_large",
    message: `The ${what} has ${bytes} bytes, but at most ${limit} are allowed.`,
  };
}

/** Bytes of the text in UTF-8; an unpaired surrogate counts as the replacement character it becomes. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) bytes += 1;
    else if (point < 0x800) bytes += 2;
    else bytes += point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** The last part of a text that fits into `limit` bytes; no character is cut in two. */
export function tailOf(text: string, limit: number): string {
  // A UTF-16 unit is at least one byte, so nothing before the last `limit` units can fit.
  const characters = Array.from(text.slice(-limit));
  let bytes = 0;
  let start = characters.length;
  while (start > 0) {
    bytes += utf8Length(characters[start - 1] ?? "");
    if (bytes > limit) break;
    start -= 1;
  }
  return characters.slice(start).join("");
}

/** The first part of a text that fits into `limit` bytes; no character is cut in two. */
export function headOf(text: string, limit: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > limit) break;
    end += character.length;
  }
  return text.slice(0, end);
}
