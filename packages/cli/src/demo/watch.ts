import { ALWAYS_UNDERSTOOD } from "@muster/core/schedule/answer";
import { HEARTBEAT_FILE } from "@muster/core/schedule/heartbeat-file";

const OPEN = /^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\[ ?\][ \t]+(\S.*)$/gm;

/** What there is to say about the open items in a heartbeat's text, by rules about text alone: `news`, or the OK token. */
export function watched(text: string): { readonly news: boolean; readonly text: string } {
  const open = [...text.matchAll(OPEN)].map(([, words = ""]) => words.trim());
  if (open.length === 0) return { news: false, text: ALWAYS_UNDERSTOOD };
  return {
    news: true,
    text: [`Open in ${HEARTBEAT_FILE}:`, ...open.map((words) => `- ${words}`)].join("\n"),
  };
}
