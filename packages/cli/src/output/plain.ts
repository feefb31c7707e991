import { withoutControls } from "@muster/core/terminal";

/** They make text read differently from what it says. */
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/**
 * Text that others wrote, safe for a terminal: no escapes, no control characters but newline and tab, no bidi controls.
 * Linear in its length.
 */
export function plain(text: string): string {
  return withoutControls(text).replace(BIDI, "");
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
