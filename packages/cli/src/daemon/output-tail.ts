import { tailOf, TEXT_LIMITS } from "@muster/core/room/text";
import { withoutEscapes } from "@muster/core/terminal";
import { redact } from "./redact.ts";

/** A secret that straddles the cut would be kept in part and no longer be recognised. */
const KEPT_CHARS = 2 * TEXT_LIMITS.tail;

/** The end of what a program printed: bounded, without terminal codes, without secrets. */
export class OutputTail {
  #text = "";

  /** Takes any amount of output and keeps a bounded part. */
  add(chunk: string): void {
    this.#text = (this.#text + chunk).slice(-KEPT_CHARS);
  }

  /** At most as long as a tail may be, and fit to be shown to anyone in the room. */
  read(): string {
    const plain = withoutEscapes(this.#text).replace(/\p{Cc}/gu, keepLayout);
    return tailOf(redact(plain).trim(), TEXT_LIMITS.tail);
  }
}

/** Of the control characters only line ends and tabs are text. */
function keepLayout(control: string): string {
  return control === "\n" || control === "\t" ? control : "";
}
