import type { Message } from "#lib/backend.ts";

/**
 * Leaves out progress that says again what the same agent said of the same task last: one that was started again begins
 * with the words of its first attempt.
 */
export function withoutRepeats(messages: readonly Message[]): readonly Message[] {
  const last = new Map<string, string>();
  return messages.filter(({ type, sender, taskId, text }) => {
    if (type !== "progress") return true;
    const about = `${sender.name} ${taskId ?? ""}`;
    const again = last.get(about) === text;
    last.set(about, text);
    return !again;
  });
}
