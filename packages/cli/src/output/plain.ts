/* eslint-disable no-control-regex -- control characters are what this file is about */

/** CSI (colours, cursor), OSC (titles, links, clipboard), DCS/SOS/PM/APC strings, and two-character escapes. */
const ESCAPES =
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|(?:\u001B[\]PX^_]|[\u009D\u0090\u0098\u009E\u009F])[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)?|\u001B[ -/]*[0-~]/g;
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
/** They make text read differently from what it says. */
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/**
 * Text that others wrote, safe for a terminal: no escapes, no control characters but newline and tab, no bidi controls.
 * Linear in its length.
 */
export function plain(text: string): string {
  return withoutEscapes(text.replaceAll("\r\n", "\n")).replace(CONTROLS, "").replace(BIDI, "");
}

/** The same without escapes only. Node's own function needs minutes for a megabyte of unfinished ones. */
export function withoutEscapes(text: string): string {
  return text.replace(ESCAPES, "");
}

/** JSON in which the same characters are written as \u escapes: nothing is lost, and a terminal is safe. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/[\u007F-\u009F]/g, escaped)
    .replace(BIDI, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
