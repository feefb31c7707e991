/* eslint-disable no-control-regex -- control characters are what this file is about */

/** CSI (colours, cursor), OSC (titles, links, clipboard), DCS/SOS/PM/APC strings, and two-character escapes. */
const ESCAPES =
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|(?:\u001B[\]PX^_]|[\u009D\u0090\u0098\u009E\u009F])[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)?|\u001B[ -/]*[0-~]/gu;
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/gu;

/** A program's output without terminal escapes. Linear: Node's own function needs minutes for a megabyte of unfinished ones. */
export function withoutEscapes(text: string): string {
  return text.replace(ESCAPES, "");
}

/** The same without control characters, too, but newline and tab. Characters that reorder text stay in it. */
export function withoutControls(text: string): string {
  return withoutEscapes(text.replaceAll("\r\n", "\n")).replace(CONTROLS, "");
}
