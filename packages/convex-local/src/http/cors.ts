import type { Incoming, Outgoing } from "./exchange.ts";

/**
 * Lets a page of an allowed origin read the answers of `/api`. Call it only after the guard let the request
 * pass: whatever Origin is still here is allowed. True when the request was a preflight, now answered.
 */
export function answerCors(request: Incoming, response: Outgoing): boolean {
  const { origin } = request.headers;
  if (origin !== undefined) {
    response.setHeader("Access-Control-Allow-Origin", origin);
    response.setHeader("Access-Control-Allow-Credentials", "true");
    response.setHeader("Vary", "Origin");
  }
  if (request.method !== "OPTIONS") return false;
  const asked = request.headers["access-control-request-headers"];
  if (asked !== undefined) response.setHeader("Access-Control-Allow-Headers", asked);
  response.setHeader("Access-Control-Allow-Methods", "GET, POST, OPTIONS, PATCH, DELETE, PUT");
  response.setHeader("Access-Control-Max-Age", "86400");
  response.writeHead(204).end();
  return true;
}
