import type { Colour, Line } from "../invocation.ts";
import { plain } from "./plain.ts";

const CODES: Readonly<Record<Colour, string>> = {
  bold: "1",
  red: "31",
  green: "32",
  amber: "33",
  blue: "34",
  grey: "90",
};

/** A line for a terminal: whatever others wrote into it cannot colour, move or hide anything; only we can. */
export function paintedLine(line: Line, colours: boolean): string {
  if (typeof line === "string") return plain(line);
  const text = plain(line.text);
  return colours && text !== "" ? `\u001B[${CODES[line.colour]}m${text}\u001B[0m` : text;
}
