/** Queries that have begun and were not asked for a document yet, by what the SDK then says of them. */
const begun = new Map<string, string>();
let count = 0;
/** The query that was told last that it has no more; the host has forgotten it by itself. */
let ended = "";

const END = '{"value":null,"done":true}';

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
  const isOver = operation === "1.0/queryCleanup" && (args === ended || begun.delete(args));
  return isOver ? "null" : undefined;
}

/** The first question for a document brings the query along: `{queryId, query, version}`. */
export function withQuery(operation: string, args: string): string {
  const query = operation === "1.0/queryStreamNext" ? begun.get(args) : undefined;
  if (query === undefined) return args;
  begun.delete(args);
  return `${args.slice(0, -1)},${query.slice(1)}`;
}

export function noteEnd(operation: string, args: string, answer: string): void {
  if (answer === END && operation === "1.0/queryStreamNext") ended = args;
}

/** A function begins; what an earlier one began and left is nobody's. */
export function forgetQueries(): void {
  begun.clear();
}
