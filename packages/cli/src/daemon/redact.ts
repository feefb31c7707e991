import { withoutEscapes } from "@muster/core/terminal";
import { PRIVATE_KEYS, SECRETS } from "./secrets.ts";

const PATTERNS = [...PRIVATE_KEYS, ...Object.values(SECRETS)];

/**
 * What follows one of these words is taken for a secret, whatever it looks like; a call, a variable or a placeholder
 * is none.
 */
const NAMED =
  /((?:secret|token|passw(?:or)?d|passphrase|credentials?|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|auth[_-]?key)(?:[_-]?(?:id|base64))?\\?["']?\s{0,4}(?:=>|:=|[:=])\s{0,4}\\?["'`]?)(?![\w.$]{1,100}\()(?:(?:bearer|basic)\s{1,4})?([^\s"'`\\,;&(){}[\]<>$]{6,})/gi;
const HEADER = /\b((?:proxy-)?authorization\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)[^\r\n"'\\]{6,}/gi;
const COOKIE = /\b((?:set-)?cookie\\?["']?:\s{0,4})[^\r\n"']{6,}/gi;
const BEARER = /\b(bearer\s{1,4})(?=[\w.~+/=-]{0,60}\d)[\w.~+/=-]{16,}/gi;
const IN_URL = /(:\/\/[^\s:/@]{0,200}):[^\s@/]{1,500}@/g;

/**
 * The text with everything that looks like a secret replaced, and without terminal codes, which could hide one. Applied
 * before it is stored, shown or sent.
 */
export function redact(text: string): string {
  let clean = withoutEscapes(text);
  for (const secret of PATTERNS) clean = clean.replace(secret, "[redacted]");
  for (const named of [HEADER, COOKIE, BEARER, NAMED]) clean = clean.replace(named, "$1[redacted]");
  return clean.replace(IN_URL, "$1:[redacted]@");
}
