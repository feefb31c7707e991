/**
 * Shapes of secrets that programs print by accident. Every pattern is linear: a fixed prefix and one
 * bounded or greedy class, so that no output can make the daemon slow.
 */
const SECRETS: RegExp[] = [
  // ours, and every JWT
  /\bmst_[A-Za-z0-9_-]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.?[A-Za-z0-9_-]*/g,
  // clouds and forges
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\bya29\.[A-Za-z0-9_-]{16,}/g,
  // models, payments, chats, registries
  /\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\b\d{6,12}:[A-Za-z0-9_-]{30,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bhf_[A-Za-z0-9]{20,}/g,
  /\bSG\.[A-Za-z0-9_-]{16,}\.?[A-Za-z0-9_-]*/g,
  // keys and headers by their name
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
];

/** What follows one of these words is taken for a secret, whatever it looks like. */
const NAMED =
  /\b([A-Za-z0-9_-]{0,40}(?:secret|token|password|passwd|api[_-]?key|access[_-]?key|private[_-]?key))(["']?\s{0,4}[:=]\s{0,4}["']?)([^\s"',;&]{6,})/gi;
const BEARER = /\b(bearer|basic)\s{1,4}[A-Za-z0-9._~+/=-]{8,}/gi;
const IN_URL = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,200}):[^\s@/]{1,500}@/gi;

/** The text with everything that looks like a secret replaced. Applied before it is stored, shown or sent. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of SECRETS) clean = clean.replace(secret, "[redacted]");
  return clean
    .replace(BEARER, "$1 [redacted]")
    .replace(IN_URL, "$1:[redacted]@")
    .replace(NAMED, "$1$2[redacted]");
}
