/** The most that a short single-line field holds: a path of a deep checkout fits, a document does not. */
export const MAX_FIELD_LENGTH = 400;
/** The most that a request key holds: a UUID with a prefix, and room to spare. */
export const MAX_KEY_LENGTH = 200;
/** The most roles that a room has: the panel shows all of them, and every message names its team. */
export const MAX_TEAM_SIZE = 32;

/** What is wrong with a name, path or identifier that a client makes up, as one sentence; null when valid. */
export function fieldProblem(name: string, value: string): string | null {
  if (value.trim() === "") return `The ${name} is empty.`;
  if (value.length > MAX_FIELD_LENGTH)
    return `The ${name} has more than ${MAX_FIELD_LENGTH} characters.`;
  // It is shown on one line of a terminal and may become one argument of a program.
  return /\p{Cc}/u.test(value) ? `The ${name} has control characters.` : null;
}

/** What is wrong with the key of a request, as one sentence; null when it is valid. */
export function keyProblem(key: string): string | null {
  if (key !== "" && key.length <= MAX_KEY_LENGTH) return null;
  return `A request key has 1 to ${MAX_KEY_LENGTH} characters.`;
}

/** What is wrong with the number of a room's roles, as one sentence; null when it is valid. */
export function teamSizeProblem(size: number): string | null {
  if (size >= 1 && size <= MAX_TEAM_SIZE) return null;
  return `A room has 1 to ${MAX_TEAM_SIZE} roles, but ${size} were given.`;
}
