import { plain } from "./plain.ts";

/** `14:03:07 daemon spawned {"role":"builder"}`; a line that is no JSON as it is. */
export function logLine(name: string, line: string): string {
  try {
    const { at, event, ...fields } = JSON.parse(line) as Record<string, unknown>;
    const time = typeof at === "string" ? at.slice(11, 19) : "";
    const rest = Object.keys(fields).length === 0 ? "" : ` ${JSON.stringify(fields)}`;
    return plain(`${time} ${name} ${String(event)}${rest}`).replaceAll("\n", " ");
  } catch {
    return plain(line);
  }
}
