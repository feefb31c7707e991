/** The file in an agent's working directory that says what it should look after. */
export const HEARTBEAT_FILE = "HEARTBEAT.md";
/** More is a document, not a list of things to look after. Bytes. */
export const MAX_HEARTBEAT_FILE_BYTES = 16 * 1024;

/** How the task of a heartbeat begins. */
export const HEARTBEAT_GREETING = "This is your heartbeat";

export type HeartbeatFile = {
  /** Unticked checkboxes with words. */
  readonly open: number;
  /** Whether it asks for nothing at all. */
  readonly empty: boolean;
  /** Of what it asks for beside its open items; blanks and line ends do not change it, nor does ticking off. */
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
  const standing: string[] = [];
  let open = 0;
  let fence: string | null = null;
  for (const line of lines) {
    const mark = FENCE.exec(line)?.[1] ?? null;
    if (fence !== null || mark !== null) {
      fence = fence === null ? mark : fence === mark ? null : fence;
      continue;
    }
    const item = asked(line);
    if (item?.box === true) open += 1;
    else if (item !== null) standing.push(item.words);
  }
  const empty = open === 0 && standing.length === 0;
  return { open, empty, hash: textHash(standing.join("\n")) };
}

/** What one line asks for, and whether it is a checkbox that can be ticked; null when it asks for nothing. */
function asked(line: string): { readonly words: string; readonly box: boolean } | null {
  if (HEADING.test(line) || RULE.test(line)) return null;
  const item = line.replace(BULLET, "");
  const box = CHECKBOX.exec(item);
  if (box?.[1]?.toLowerCase() === "x") return null;
  const words = item
    .slice(box?.[0].length ?? 0)
    .replaceAll(/\s+/g, " ")
    .trim();
  return words === "" ? null : { words, box: box !== null };
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
