import type { Incoming, Outgoing } from "./exchange.ts";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { Callers } from "../auth/caller.ts";
import { NOBODY } from "../auth/caller.ts";
import { TokenError } from "../auth/token.ts";
import type { Engine, Identity } from "../engine/engine.ts";
import { readBody } from "./body.ts";
import { send, textReply } from "./reply.ts";

/** The app's own http actions. They see the site's URL, every method, and set every header themselves. */
export class Site {
  readonly #engine: Engine;
  readonly #callers: Callers;
  readonly #siteUrl: string;

  constructor(engine: Engine, callers: Callers, siteUrl: string) {
    this.#engine = engine;
    this.#callers = callers;
    this.#siteUrl = siteUrl;
  }

  /** `path` is the action's own path with its query. Rejects with HttpError when the body is refused. */
  async answer(request: Incoming, response: Outgoing, path: string): Promise<void> {
    const asked = await this.#requestOf(request, path);
    const answer = await this.#engine.httpAction(asked, await this.#identity(request));
    if (answer === undefined) {
      send(response, textReply(`No HttpAction routed for ${new URL(asked.url).pathname}`, 404));
      return;
    }
    await relay(answer, response);
  }

  async #requestOf(request: Incoming, path: string): Promise<Request> {
    const method = request.method ?? "GET";
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      for (const one of [value ?? []].flat()) headers.append(name, one);
    }
    const body = method === "GET" || method === "HEAD" ? null : await readBody(request);
    if (body !== null) {
      // The body is handed on decompressed.
      headers.delete("content-encoding");
      headers.set("content-length", String(body.byteLength));
    }
    return new Request(new URL(path, this.#siteUrl), {
      method,
      headers,
      body: body === null || body.byteLength === 0 ? null : new Uint8Array(body),
    });
  }

  /** An http action may use the Authorization header for secrets of its own: what is no token of ours is nobody's. */
  async #identity({ headers }: Incoming): Promise<Identity> {
    try {
      return (await this.#callers.ofHeader(headers.authorization)).identity;
    } catch (cause) {
      if (cause instanceof TokenError) return NOBODY.identity;
      throw cause;
    }
  }
}

async function relay(answer: Response, response: Outgoing): Promise<void> {
  for (const [name, value] of answer.headers) {
    if (name !== "set-cookie") response.setHeader(name, value);
  }
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  response.writeHead(answer.status);
  if (answer.body === null) {
    response.end();
    return;
  }
  await pipeline(Readable.fromWeb(answer.body as ReadableStream), response);
}
