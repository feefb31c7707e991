/** The most that an activity line holds: it stands on one line of a card. */
export const MAX_ACTIVITY_LENGTH = 200;

/** The first line of a text, cut to an activity line; null when there is nothing to show. */
export function activityLine(text: string): string | null {
  const line = text.trim().split("\n", 1)[0] ?? "";
  const characters = Array.from(line.slice(0, 2 * MAX_ACTIVITY_LENGTH));
  const cut = characters.slice(0, MAX_ACTIVITY_LENGTH).join("").trim();
  return cut === "" ? null : cut;
}
