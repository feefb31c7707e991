/** The reserved target of a message or handoff that means the people of the room. */
export const HUMAN_TARGET = "user";

export const MAX_NAME_LENGTH = 40;

const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What is wrong with a room's name, as one sentence; null when it is valid. */
export function roomNameProblem(name: string): string | null {
  return slugProblem("room", name);
}

/** What is wrong with a role's name, as one sentence; null when it is valid. */
export function roleNameProblem(name: string): string | null {
  if (name === HUMAN_TARGET)
    return `A role cannot be called "${HUMAN_TARGET}", because that name means the people of the room.`;
  return slugProblem("role", name);
}

/** What is wrong with a schedule's name, as one sentence; null when it is valid. */
export function scheduleNameProblem(name: string): string | null {
  return slugProblem("schedule", name);
}

function slugProblem(noun: string, name: string): string | null {
  if (name === "") return `A ${noun} needs a name.`;
  if (name.length > MAX_NAME_LENGTH)
    return `A ${noun}'s name has at most ${MAX_NAME_LENGTH} characters, but this one has ${name.length}.`;
  if (!SLUG.test(name))
    return `A ${noun}'s name consists of lower-case letters and digits with single dashes between them, like "harbor" or "code-reviewer".`;
  return null;
}
