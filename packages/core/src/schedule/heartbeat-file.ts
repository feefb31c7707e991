/** The file in an agent's working directory that says what it should look after. */
export const HEARTBEAT_FILE = "HEARTBEAT.md";
/** More is a document, not a list of things to look after. Bytes. */
export const MAX_HEARTBEAT_FILE_BYTES = 16 * 1024;

export type HeartbeatFile = {
  /** Open items: unticked checkboxes with words, and any other line that asks for something. */
  readonly open: number;
  /** Changes when what the file says changes, not when its blanks or line ends do. */
  readonly hash: string;
};

const FENCE = /^\s*(```|~~~)/;
const HEADING = /^\s*#{1,6}(\s|$)/;
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/;
const BULLET = /^\s*(?:[-*+]|\d+[.)])(?:\s+|$)/;
const CHECKBOX = /^\[([ xX]?)\](?:\s+|$)/;

/**
 * What a HEARTBEAT.md asks for. Blank lines, headings, rules, empty list items and checkboxes, ticked ones,
 * fences with what is in them, and HTML comments ask for nothing: a file of those alone is empty.
 */
export function readHeartbeatFile(text: string): HeartbeatFile {
  const lines = text
    .replace(/^\uFEFF/, "")
    .replaceAll(/<!--[\s\S]*?(-->|$)/g, "")
    .split(/\r\n|\r|\n/);
  let open = 0;
  let fence: string | null = null;
  for (const line of lines) {
    const mark = FENCE.exec(line)?.[1] ?? null;
    if (fence !== null) fence = mark === fence ? null : fence;
    else if (mark === null) open += asksFor(line) ? 1 : 0;
    else fence = mark;
  }
  return { open, hash: textHash(text.replaceAll(/\s+/g, " ").trim()) };
}

function asksFor(line: string): boolean {
  if (line.trim() === "" || HEADING.test(line) || RULE.test(line)) return false;
  const item = line.replace(BULLET, "");
  const box = CHECKBOX.exec(item);
  if (box === null) return item.trim() !== "";
  return box[1]?.toLowerCase() !== "x" && item.slice(box[0].length).trim() !== "";
}

/** A short name for a text: the same for the same text on every computer, and no secret (FNV-1a, 64 bits). */
export function textHash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const unit of text) {
    hash ^= BigInt(unit.codePointAt(0) ?? 0);
    hash = BigInt.asUintN(64, hash * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}
