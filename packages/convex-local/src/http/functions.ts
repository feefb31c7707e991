import type { Incoming } from "./exchange.ts";
import type { JSONValue } from "convex/values";
import type { Callers } from "../auth/caller.ts";
import type { FunctionCall, FunctionKind, Identity, Outcome } from "../engine/engine.ts";
import { NO_COMPONENTS } from "../engine/refusal.ts";
import type { Functions } from "../wire/functions.ts";
import { plainJson } from "../wire/plain-json.ts";
import { decodeTimestamp, encodeTimestamp } from "../wire/timestamp.ts";
import { readJson } from "./body.ts";
import { HttpError, jsonReply } from "./reply.ts";
import type { Reply } from "./reply.ts";

type Format = "json" | "convex_encoded_json";
type Fields = { readonly [key: string]: unknown };

const SNAPSHOT_NOT_KEPT =
  "There have been commits since that timestamp, and its state is kept for 30 seconds: ask for a new one.";

/** The HTTP interface to functions: `/api/query`, `/api/mutation`, `/api/action` and their relatives. */
export class FunctionRoutes {
  readonly #functions: Functions;
  readonly #callers: Callers;

  constructor(functions: Functions, callers: Callers) {
    this.#functions = functions;
    this.#callers = callers;
  }

  /** Undefined when the path is not one of these routes. Rejects with HttpError or TokenError. */
  async answer(request: Incoming, url: URL): Promise<Reply | undefined> {
    const { pathname } = url;
    if (pathname === "/api/query" && request.method === "GET") return await this.#get(request, url);
    if (request.method !== "POST") return undefined;
    const [, kind] = /^\/api\/(query|mutation|action)$/.exec(pathname) ?? [];
    if (kind !== undefined) return await this.#post(request, kind as FunctionKind);
    switch (pathname) {
      case "/api/query_at_ts":
        return await this.#at(request);
      case "/api/query_ts":
        return jsonReply({ ts: encodeTimestamp(this.#functions.pinLatest()) });
      case "/api/query_batch":
        return await this.#batch(request);
      case "/api/function":
        return await this.#any(request);
    }
    return pathname.startsWith("/api/run/") ? await this.#run(request, pathname) : undefined;
  }

  async #get(request: Incoming, { searchParams }: URL): Promise<Reply> {
    const identity = await this.#identity(request);
    let args: unknown;
    try {
      args = JSON.parse(searchParams.get("args") ?? "{}");
    } catch {
      throw new HttpError(400, "BadJson", "args is not JSON.");
    }
    const fields = { path: searchParams.get("path"), args, format: searchParams.get("format") };
    return await this.#call("query", fields, identity);
  }

  async #post(request: Incoming, kind: FunctionKind): Promise<Reply> {
    const identity = await this.#identity(request);
    return await this.#call(kind, await readJson(request), identity);
  }

  /** Queries of one client at one timestamp, as far as that is kept. */
  async #at(request: Incoming): Promise<Reply> {
    const identity = await this.#identity(request);
    const fields = await readJson(request);
    const call = callOf(fields, identity);
    const ts = decodeTimestamp(fields["ts"]);
    if (ts === null) throw new HttpError(400, "BadArguments", "ts is not a timestamp.");
    const format = formatOf(fields);
    const outcome = this.#functions.queryAt(call, ts);
    if (outcome === undefined) throw new HttpError(400, "SnapshotNotKept", SNAPSHOT_NOT_KEPT);
    return jsonReply(present(this.#functions.publish(outcome), format));
  }

  async #batch(request: Incoming): Promise<Reply> {
    const identity = await this.#identity(request);
    const { queries } = await readJson(request);
    if (!isListOfObjects(queries)) {
      throw new HttpError(400, "BadArguments", "queries is not a list of objects.");
    }
    const calls = queries.map((query) => ({
      call: callOf(query, identity),
      format: formatOf(query),
    }));
    // No await between them: all of them see the same commit.
    const results = calls.map(({ call, format }) =>
      present(this.#functions.publish(this.#functions.query(call)), format),
    );
    return jsonReply({ results });
  }

  /** Any kind of function, internal ones included: for the admin only. */
  async #any(request: Incoming): Promise<Reply> {
    const identity = await this.#identity(request);
    if (identity.kind !== "admin") {
      throw new HttpError(401, "AdminKeyNeeded", "This route needs the admin key.");
    }
    const fields = await readJson(request);
    const kind = this.#functions.kindOf(callOf(fields, identity).path);
    return kind === undefined ? missing(fields) : await this.#call(kind, fields, identity);
  }

  /** `/api/run/dir/module/function`; plain JSON unless asked otherwise. */
  async #run(request: Incoming, pathname: string): Promise<Reply> {
    const identity = await this.#identity(request);
    const parts = pathname.slice("/api/run/".length).split("/").map(decodePart);
    const name = parts.pop() ?? "";
    const { args = {}, format } = await readJson(request);
    const fields = { path: `${parts.join("/")}:${name}`, args, format };
    // What does not exist is asked for as a query, which then says so.
    return await this.#call(this.#functions.kindOf(fields.path) ?? "query", fields, identity);
  }

  async #call(kind: FunctionKind, fields: Fields, identity: Identity): Promise<Reply> {
    const call = callOf(fields, identity);
    const format = formatOf(fields);
    const outcome = await (kind === "query"
      ? this.#functions.ask(call)
      : this.#functions[kind](call));
    return jsonReply(present(this.#functions.publish(outcome), format));
  }

  async #identity(request: Incoming): Promise<Identity> {
    return (await this.#callers.ofHeader(request.headers.authorization)).identity;
  }
}

function isListOfObjects(value: unknown): value is readonly Fields[] {
  return Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null);
}

/** The words by which the official command line knows that it may list the functions there are. */
function missing({ path }: Fields): Reply {
  const errorMessage = `Could not find function for '${String(path)}'.`;
  return jsonReply({ status: "error", errorMessage, logLines: [] });
}

function callOf({ path, args, componentPath }: Fields, identity: Identity): FunctionCall {
  if (typeof path !== "string") throw new HttpError(400, "BadArguments", "path is not a string.");
  if (typeof componentPath === "string" && componentPath !== "") {
    throw new HttpError(400, "ComponentsNotSupported", NO_COMPONENTS);
  }
  const list = Array.isArray(args) ? args : [args];
  if (list.length > 1) {
    throw new HttpError(400, "BadArguments", "args is neither an object nor a list of one.");
  }
  return { path, args: (list[0] ?? {}) as JSONValue, identity, caller: "client" };
}

function formatOf({ format }: Fields): Format {
  if (format == null || format === "json") return "json";
  if (format === "convex_encoded_json") return "convex_encoded_json";
  throw new HttpError(400, "BadArguments", "format is neither json nor convex_encoded_json.");
}

function present(outcome: Outcome, format: Format): object {
  const convert = format === "json" ? plainJson : (value: JSONValue) => value;
  if (outcome.success) {
    return { status: "success", value: convert(outcome.value), logLines: outcome.logLines };
  }
  const { errorMessage, errorData, logLines } = outcome;
  const data = errorData === undefined ? {} : { errorData: convert(errorData) };
  return { status: "error", errorMessage, ...data, logLines };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HttpError(400, "BadPath", "The path is not valid.");
  }
}
