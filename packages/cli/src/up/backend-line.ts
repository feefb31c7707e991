const TOLD = /^(\S+) \[INFO\] (['"`])(\{.*\})\2$/s;

/**
 * A line that a function of the backend has logged, as an event with its fields for the log of `up`: what it wrote down
 * for programs is an event of its own, `from` the function; anything else is a `backend` line.
 */
export function backendLine(line: string): [event: string, fields: Record<string, unknown>] {
  const [, from, , quoted = ""] = TOLD.exec(line) ?? [];
  try {
    // The console has quoted a string of JSON: what it escaped on top of JSON's own is taken back.
    const told: unknown = JSON.parse(quoted.replaceAll(/\\([\\'"`])/g, "$1"));
    const { event, ...fields } = told as Record<string, unknown>;
    if (typeof event === "string") return [event, { from, ...fields }];
  } catch {
    // Not one of those.
  }
  return ["backend", { line }];
}
