/** Queries that have begun and were not asked for a document yet, by what the SDK then says of them. */
const begun = new Map<string, string>();
/** Answers that the host gave along with one before: those to the same question when it is asked again, a line each. */
const ahead = new Map<string, string>();
let count = 0;
/** The query that was told last that it has no more; the host has forgotten it by itself. */
let ended = "";

const END = '{"value":null,"done":true}';
const NEXT = "1.0/queryStreamNext";

/**
 * Of the calls that a query makes, those that its host need not hear: most queries begin, read a document or two and end, and each call
 * out of the realm costs about as much as the reading. Undefined for all others.
 */
export function answerHere(operation: string, args: string): string | undefined {
  if (operation === "1.0/queryStream") {
    count += 1;
    const id = `{"queryId":${count}}`;
    begun.set(id, args);
    return id;
  }
  if (operation === NEXT) {
    const lines = ahead.get(args);
    return lines === undefined ? undefined : firstOf(args, lines);
  }
  const isOver =
    operation === "1.0/queryCleanup" &&
    (args === ended || begun.delete(args) || ahead.delete(args));
  return isOver ? "null" : undefined;
}

/** The first question for a document brings the query along: `{queryId, query, version}`. */
export function withQuery(operation: string, args: string): string {
  const query = operation === NEXT ? begun.get(args) : undefined;
  if (query === undefined) return args;
  begun.delete(args);
  return `${args.slice(0, -1)},${query.slice(1)}`;
}

/** What the SDK gets of the host's answer now. */
export function kept(operation: string, args: string, answer: string): string {
  return operation === NEXT ? firstOf(args, answer) : answer;
}

function firstOf(args: string, lines: string): string {
  const end = lines.indexOf("\n");
  const line = end === -1 ? lines : lines.slice(0, end);
  if (end !== -1) ahead.set(args, lines.slice(end + 1));
  else ahead.delete(args);
  if (line === END) ended = args;
  return line;
}

/** A function begins; what an earlier one began and left is nobody's. */
export function forgetQueries(): void {
  begun.clear();
  ahead.clear();
}
