import { fieldProblem } from "../room/fields.ts";

/** Where a schedule's news goes beside its room. A `channel` is a kind and a person, like `dashboard/ada`. */
export type Target =
  | { readonly type: "none" | "owner" | "last" }
  | { readonly type: "channel"; readonly kind: string; readonly person: string };

/** The channel that every person has. */
export const DASHBOARD = "dashboard";
const WORDS = ["none", "owner", "last"] as const;

/** A target by its words; null when they are none. */
export function parseTarget(words: string): Target | null {
  const word = WORDS.find((known) => known === words);
  if (word !== undefined) return { type: word };
  const slash = words.indexOf("/");
  const [kind, person] = [words.slice(0, slash), words.slice(slash + 1)];
  const valid = slash > 0 && /^[a-z][a-z0-9-]{0,39}$/.test(kind);
  return valid && fieldProblem("person", person) === null
    ? { type: "channel", kind, person }
    : null;
}

/** What is wrong with a target's words, as one sentence; null when they name one. */
export function targetProblem(words: string): string | null {
  return parseTarget(words) === null
    ? `"${words}" is no target: it is none, owner, last or a channel like "dashboard/ada".`
    : null;
}
