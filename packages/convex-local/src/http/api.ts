import type { Incoming, Outgoing } from "./exchange.ts";
import type { PublicKey } from "../engine/signing-key.ts";
import { readBody } from "./body.ts";
import { answerCors } from "./cors.ts";
import type { DeploymentRoutes } from "./deployment.ts";
import type { FunctionRoutes } from "./functions.ts";
import { isSimplePost } from "./guard.ts";
import { HttpError, jsonReply, send, textReply } from "./reply.ts";
import type { Reply } from "./reply.ts";
import type { Site } from "./site.ts";
import type { StorageRoutes } from "./storage.ts";
import type { StaticFiles } from "./static.ts";

/** What the main port serves: `/api`, `/http` (the site on this port too), a few plain facts, and the app's own page. */
export class Api {
  readonly #functions: FunctionRoutes;
  readonly #deployment: DeploymentRoutes;
  readonly #storage: StorageRoutes;
  readonly #site: Site;
  readonly #files: StaticFiles | null;
  readonly #facts: Readonly<Record<string, string>>;
  readonly #publicKeys: () => readonly PublicKey[];
  readonly #port: number;

  constructor(parts: {
    functions: FunctionRoutes;
    deployment: DeploymentRoutes;
    storage: StorageRoutes;
    site: Site;
    files: StaticFiles | null;
    publicKeys: () => readonly PublicKey[];
    instanceName: string;
    version: string;
    port: number;
  }) {
    this.#publicKeys = parts.publicKeys;
    this.#functions = parts.functions;
    this.#deployment = parts.deployment;
    this.#storage = parts.storage;
    this.#site = parts.site;
    this.#files = parts.files;
    this.#port = parts.port;
    this.#facts = {
      "/version": parts.version,
      "/instance_version": parts.version,
      "/instance_name": parts.instanceName,
    };
  }

  /** Rejects with HttpError or TokenError. */
  async answer(request: Incoming, response: Outgoing): Promise<void> {
    const url = new URL(request.url ?? "/", `http://127.0.0.1:${this.#port}`);
    const { pathname, search } = url;
    if (pathname.startsWith("/http/")) {
      await this.#site.answer(request, response, `${pathname.slice("/http".length)}${search}`);
    } else if (pathname.startsWith("/api/")) {
      if (answerCors(request, response)) return;
      if (await this.#storage.answer(request, response, url)) return;
      send(response, await this.#api(request, url));
    } else {
      send(response, await this.#page(request, url));
    }
  }

  async #api(request: Incoming, url: URL): Promise<Reply> {
    if (isSimplePost(request)) {
      throw new HttpError(403, "JsonNeeded", "POST here needs Content-Type: application/json.");
    }
    const reply =
      (await this.#functions.answer(request, url)) ?? (await this.#deployment.answer(request, url));
    if (reply === undefined) throw new HttpError(404, "NotFound", "There is no such route.");
    return reply;
  }

  async #page(request: Incoming, { pathname, search }: URL): Promise<Reply> {
    if (pathname === "/.well-known/jwks.json") return jsonReply({ keys: this.#publicKeys() });
    if (pathname === "/echo" && request.method === "POST") {
      const headers = { "Content-Type": "application/octet-stream" };
      return { status: 200, headers, body: await readBody(request) };
    }
    const fact = Object.hasOwn(this.#facts, pathname) ? this.#facts[pathname] : undefined;
    if (fact !== undefined) return textReply(fact);
    if (this.#files === null) {
      if (pathname === "/") return textReply("This Convex deployment is running.");
      throw new HttpError(404, "NotFound", "There is no such route.");
    }
    if (request.headers.host?.toLowerCase().startsWith("localhost:") === true) {
      // One origin for the page, or storage and tokens would exist twice.
      const location = `http://127.0.0.1:${this.#port}${pathname}${search}`;
      return {
        ...textReply("", 307),
        headers: { Location: location, "Cache-Control": "no-store" },
      };
    }
    return await this.#files.serve(request);
  }
}
