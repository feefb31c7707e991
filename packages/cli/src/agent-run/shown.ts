import { withoutEscapes } from "@muster/core/terminal";
import { redact } from "../daemon/redact.ts";

/** A program's words as people may see them: without terminal codes, control characters and secrets. */
export function shown(text: string): string {
  return redact(withoutEscapes(text).replace(/[^\P{Cc}\n\t]/gu, ""));
}
