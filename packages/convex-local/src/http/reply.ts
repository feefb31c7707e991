import type { Outgoing } from "./exchange.ts";

/** An answer that is ready to be sent. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A refusal of the interface itself, as opposed to a function that failed. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  /** A word for programs; `message` is the sentence for people. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function jsonReply(value: unknown, status = 200): Reply {
  return {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
    body: JSON.stringify(value),
  };
}

export function textReply(body: string, status = 200): Reply {
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8" }, body };
}

/** `{code, message}`, the shape that every client of the HTTP interface knows. */
export function errorReply(error: {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}): Reply {
  return jsonReply({ code: error.code, message: error.message }, error.status);
}

/** Sends a reply; headers that were set on the response before stay. HEAD gets no body. */
export function send(response: Outgoing, reply: Reply): void {
  const { status, headers, body } = reply;
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) });
  // Text leaves in one piece with the headers; bytes would be a second one.
  response.end(response.req.method === "HEAD" ? undefined : body);
}
