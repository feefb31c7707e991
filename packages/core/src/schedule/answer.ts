/** Says in an answer that nothing needs a person, unless a schedule names another token. */
export const OK_TOKEN = "HEARTBEAT_OK";
/** Understood whatever the schedule's token is. */
export const ALWAYS_UNDERSTOOD = "UA_HEARTBEAT_OK";
/** How much may stand beside the token, in characters, before it is news after all. */
export const MAX_OK_TEXT = 300;

/** `ok`: nothing needs a person, and `text` is what was said beside it. `alert`: `text` is news. */
export type Answer = { readonly kind: "ok" | "alert"; readonly text: string };

/** How far from its ends a text is searched for the token with what wraps it: what bounds the stream's memory. */
const EDGE = 200;
/** Up to here a text is looked at whole, so that what wraps all of it comes off as well. */
const WHOLE = MAX_OK_TEXT + 2 * EDGE;

const TOKEN = /^[A-Za-z][A-Za-z0-9_]{2,39}$/;

/** What is wrong with a token's name, as one sentence; null when it may be kept. */
export function okTokenProblem(token: string): string | null {
  return TOKEN.test(token)
    ? null
    : "An OK token has 3 to 40 letters, digits and underscores, like HEARTBEAT_OK.";
}

/**
 * What an answer says. The token counts at its start or end, inside markdown or HTML, with up to four
 * characters after it that are no word; anywhere else it is text like any other.
 */
export function answerOf(text: string, token: string = OK_TOKEN): Answer {
  const all = text.trim();
  const inner = all.length <= WHOLE ? unwrapped(all) : all;
  for (const candidate of [inner, all]) {
    const rest = stripped(candidate, token);
    if (rest === candidate) continue;
    const isOk = Array.from(rest).length <= MAX_OK_TEXT;
    if (isOk) return { kind: "ok", text: rest };
    if (candidate === all) return { kind: "alert", text: rest };
  }
  return { kind: "alert", text: all };
}

/**
 * The same over a stream: what it shows while the answer comes, put together, is `answerOf` of the whole, so
 * no token slips through in two halves. A short answer shows at its end, since only then it is known.
 */
export class AnswerStream {
  readonly #token: string;
  #text = "";
  #shown = 0;

  constructor(token: string = OK_TOKEN) {
    this.#token = token;
  }

  /** Takes the next piece and returns what may be shown now. */
  push(chunk: string): string {
    this.#text = (this.#text + chunk).replace(/^\s+/, "");
    const sure = this.#text.trimEnd();
    if (sure.length <= WHOLE) return "";
    return this.#show(withoutStart(sure, this.#token).slice(0, -EDGE).trimEnd());
  }

  /** The answer is over: what it was, and what is left to show of it. */
  end(): { readonly answer: Answer; readonly rest: string } {
    const answer = answerOf(this.#text, this.#token);
    return { answer, rest: this.#show(answer.text) };
  }

  #show(text: string): string {
    const rest = text.slice(this.#shown);
    this.#shown = Math.max(this.#shown, text.length);
    return rest;
  }
}

/** Without the tokens at both ends; the very same text when there is none. */
function stripped(text: string, token: string): string {
  return withoutEnd(withoutStart(text, token), token);
}

function withoutStart(text: string, token: string): string {
  const pattern = patternsOf(token).start;
  let head = text.slice(0, EDGE);
  for (let match = pattern.exec(head); match !== null; match = pattern.exec(head))
    head = head.slice(match[0].length).trimStart();
  const found = head.length < Math.min(EDGE, text.length);
  return found ? (head + text.slice(EDGE)).trimStart() : text;
}

function withoutEnd(text: string, token: string): string {
  const pattern = patternsOf(token).end;
  let tail = text.slice(-EDGE);
  for (let match = pattern.exec(tail); match !== null; match = pattern.exec(tail))
    tail = tail.slice(0, match.index).trimEnd();
  const found = tail.length < Math.min(EDGE, text.length);
  return found ? (text.slice(0, -EDGE) + tail).trimEnd() : text;
}

/** Without what wraps all of it: a fence, an HTML element, emphasis, a quotation mark on both sides. */
function unwrapped(text: string): string {
  for (let inner = text; ;) {
    const next = WRAPPERS.map((wrapper) => wrapper.exec(inner)?.[2]?.trim()).find(
      (found) => found !== undefined,
    );
    if (next === undefined) return inner;
    inner = next;
  }
}

const WRAPPERS = [
  /^(`{3,}|~{3,})[\w-]*\n([^]*?)\n?\1$/,
  /^<([A-Za-z][\w-]*)(?:\s[^<>]*)?>([^]*)<\/\1\s*>$/,
  /^([*_~`]{1,3})(?=\S)([^]*)\1$/,
  /^(["'])([^]*)\1$/,
];

type Patterns = { readonly start: RegExp; readonly end: RegExp };
const patterns = new Map<string, Patterns>();

/** A token's patterns at the two ends of a text. */
function patternsOf(token: string): Patterns {
  const known = patterns.get(token);
  if (known !== undefined) return known;
  const word = String.raw`[\p{L}\p{N}_]`;
  const other = String.raw`[^\p{L}\p{N}_]`;
  const tag = String.raw`<\/?[A-Za-z][^<>]{0,60}>`;
  const wrap = String.raw`(?:${tag}|&nbsp;|[*_~\x60"'>#\s-])`;
  const after = String.raw`(?:${tag}|&nbsp;|[*_~\x60"'])`;
  const either = `(?:${ALWAYS_UNDERSTOOD}|${token})`;
  // What follows the token is no word, or stands behind the tag that closes it.
  const closed = String.raw`${after}{0,8}(?:(?!${word})|(?<=>))`;
  const start = new RegExp(`^${wrap}{0,12}?${either}${closed}${other}{0,4}`, "u");
  const opened = String.raw`(?<!${word})${wrap}{0,8}?`;
  const end = new RegExp(`${opened}${either}${closed}${other}{0,4}${after}{0,8}$`, "u");
  const made = { start, end };
  patterns.set(token, made);
  return made;
}
