import { MAX_FIELD_LENGTH, fieldProblem } from "../room/fields.ts";
import { headOf } from "../room/text.ts";

/** One choice is none, and more than a person weighs up at a glance belong into the question. */
export const CHOICES = { least: 2, most: 6 } as const;

/** What is wrong with the answers that a question offers, as one sentence; null when they are valid or there are none. */
export function choicesProblem(choices: readonly string[]): string | null {
  if (choices.length === 0) return null;
  const { least, most } = CHOICES;
  const different = new Set(choices).size === choices.length;
  if (choices.length < least || choices.length > most || !different)
    return `A question has ${least} to ${most} different choices, or none.`;
  return (
    choices.map((choice) => fieldProblem("choice", choice)).find((one) => one !== null) ?? null
  );
}

/**
 * A question as lists show it: its first line is the title, and what follows the detail. A first line that is too long
 * for a title is cut there, and whole in the detail. The title has no control characters.
 */
export function titled(text: string): { readonly title: string; readonly detail: string } {
  const [first = "", ...rest] = text.trim().split("\n");
  const line = first.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  if (line.length <= MAX_FIELD_LENGTH) return { title: line, detail: rest.join("\n").trim() };
  return { title: `${headOf(line, MAX_FIELD_LENGTH - 1)}…`, detail: text.trim() };
}
