import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { Readable, Writable } from "node:stream";

/** What the routes use of a request, whether it came over a port or from within the process. */
export interface Incoming extends Readable {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
}

/** What the routes use of a response. */
export interface Outgoing extends Writable {
  readonly headersSent: boolean;
  readonly req: { readonly method?: string | undefined };
  setHeader(name: string, value: string | number | readonly string[]): unknown;
  writeHead(status: number, headers?: OutgoingHttpHeaders): Outgoing;
}

/** A rejection with HttpError or TokenError is answered as such, any other with 500. */
export type RequestHandler = (request: Incoming, response: Outgoing) => Promise<void>;
