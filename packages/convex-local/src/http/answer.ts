import { TokenError } from "../auth/token.ts";
import type { LogListener } from "../wire/functions.ts";
import type { Incoming, Outgoing, RequestHandler } from "./exchange.ts";
import type { Guard } from "./guard.ts";
import { HttpError, errorReply, send } from "./reply.ts";

const NOT_READY = new HttpError(503, "NotReady", "The server is starting or stopping.");

/** Answers one request, if the guard lets it pass. Never rejects. A handler of null: whoever comes is told to try again. */
export async function answerRequest(
  request: Incoming,
  response: Outgoing,
  parts: {
    readonly guard: Guard;
    readonly handler: RequestHandler | null;
    readonly onLog: LogListener;
  },
): Promise<void> {
  try {
    const refusal = parts.guard.refuse(request);
    if (refusal !== null) {
      send(response, errorReply(refusal));
      return;
    }
    if (parts.handler === null) throw NOT_READY;
    await parts.handler(request, response);
  } catch (cause) {
    refuse(response, cause, parts.onLog);
  }
}

function refuse(response: Outgoing, cause: unknown, onLog: LogListener): void {
  if (response.headersSent) {
    response.destroy();
  } else if (cause instanceof HttpError) {
    send(response, errorReply(cause));
  } else if (cause instanceof TokenError) {
    send(response, errorReply({ status: 401, code: "Unauthenticated", message: cause.message }));
  } else {
    onLog(`${response.req.method} request failed: ${String(cause)}`);
    const message = "The request could not be answered.";
    send(response, errorReply({ status: 500, code: "InternalServerError", message }));
  }
}
