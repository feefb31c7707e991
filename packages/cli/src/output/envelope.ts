import type { CliError } from "../errors.ts";
import type { Result } from "../invocation.ts";
import { paintedLine } from "./colour.ts";
import { plain, plainJson } from "./plain.ts";

export interface Look {
  readonly json: boolean;
  /** Whether the terminal that reads it shows colours. */
  readonly colours: boolean;
}

/** `{ok, data, summary, next}` on one line with `--json`, else what people read. Ends with a newline. */
export function resultText(result: Result, { json, colours }: Look): string {
  const { data, summary, next = [] } = result;
  if (json) return `${plainJson({ ok: true, data, summary, next })}\n`;
  const lines = result.lines ?? [summary];
  const hints = next.map((command, index) => `${index === 0 ? "Next:" : "     "} ${command}`);
  return `${[...lines, ...hints].map((line) => paintedLine(line, colours)).join("\n")}\n`;
}

/** `{ok: false, error}` on one line with `--json`, else the sentence and what to do. For stderr. */
export function errorText(error: CliError, json: boolean): string {
  const { kind, message, hint } = error;
  if (json) {
    const described = hint === undefined ? { kind, message } : { kind, message, hint };
    return `${plainJson({ ok: false, error: described })}\n`;
  }
  return `${plain(hint === undefined ? message : `${message}\n${hint}`)}\n`;
}
