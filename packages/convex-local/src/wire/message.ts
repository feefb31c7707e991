import type { JSONValue } from "convex/values";
import type { UserAttributes } from "../engine/engine.ts";
import { NO_COMPONENTS } from "../engine/refusal.ts";
import { decodeTimestamp } from "./timestamp.ts";

export interface AddQuery {
  readonly type: "Add";
  readonly queryId: number;
  readonly path: string;
  readonly args: JSONValue;
  readonly journal: string | null;
}

export interface RemoveQuery {
  readonly type: "Remove";
  readonly queryId: number;
}

export interface FunctionRequest {
  readonly type: "Mutation" | "Action";
  readonly requestId: number;
  readonly path: string;
  readonly args: JSONValue;
}

export interface Authenticate {
  readonly type: "Authenticate";
  readonly baseVersion: number;
  readonly credential:
    | { readonly kind: "none" }
    | { readonly kind: "user"; readonly token: string }
    | { readonly kind: "admin"; readonly key: string; readonly actingAs?: UserAttributes };
}

/** What a client may say on the sync socket, checked and in the runtime's own shape. */
export type ClientMessage =
  | {
      readonly type: "Connect";
      readonly sessionId: string;
      readonly maxObservedTimestamp: bigint | null;
      readonly clientTs: number;
    }
  | Authenticate
  | {
      readonly type: "ModifyQuerySet";
      readonly baseVersion: number;
      readonly newVersion: number;
      readonly modifications: readonly (AddQuery | RemoveQuery)[];
    }
  | FunctionRequest
  | { readonly type: "Event" };

/** A message that no client of this protocol sends. `message` is safe to show to the sender. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
}

type Fields = { readonly [key: string]: unknown };

/** Watched arguments are compared as text, and what is nested deeper by far than any value cannot be written as one. */
const DEEPEST_WATCHED = 500;

/** Reads one frame. Throws MalformedMessage. */
export function readClientMessage(text: string): ClientMessage {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new MalformedMessage("The message is not JSON.");
  }
  const message = fieldsOf(parsed, "message");
  switch (message["type"]) {
    case "Connect":
      return readConnect(message);
    case "Authenticate":
      return readAuthenticate(message);
    case "ModifyQuerySet":
      return {
        type: "ModifyQuerySet",
        baseVersion: natural(message, "baseVersion"),
        newVersion: natural(message, "newVersion"),
        modifications: list(message, "modifications").map(readModification),
      };
    case "Mutation":
    case "Action":
      return {
        type: message["type"],
        requestId: natural(message, "requestId"),
        path: functionPath(message),
        args: argumentsOf(message),
      };
    case "Event":
      return { type: "Event" };
    default:
      throw new MalformedMessage("Unknown message type.");
  }
}

function readConnect(message: Fields): ClientMessage {
  const sessionId = string(message, "sessionId");
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(sessionId)) {
    throw new MalformedMessage("sessionId is not a UUID.");
  }
  const observed = message["maxObservedTimestamp"];
  const maxObservedTimestamp = observed == null ? null : decodeTimestamp(observed);
  if (observed != null && maxObservedTimestamp === null) {
    throw new MalformedMessage("maxObservedTimestamp is not a timestamp.");
  }
  const { clientTs } = message;
  return {
    type: "Connect",
    sessionId: sessionId.toLowerCase(),
    maxObservedTimestamp,
    clientTs: typeof clientTs === "number" ? clientTs : 0,
  };
}

function readAuthenticate(message: Fields): Authenticate {
  const baseVersion = natural(message, "baseVersion");
  switch (message["tokenType"]) {
    case "None":
      return { type: "Authenticate", baseVersion, credential: { kind: "none" } };
    case "User":
      return {
        type: "Authenticate",
        baseVersion,
        credential: { kind: "user", token: string(message, "value") },
      };
    case "Admin": {
      const acting = message["impersonating"] ?? message["acting_as"];
      const key = string(message, "value");
      return {
        type: "Authenticate",
        baseVersion,
        credential:
          acting == null
            ? { kind: "admin", key }
            : { kind: "admin", key, actingAs: fieldsOf(acting, "acting_as") as UserAttributes },
      };
    }
    default:
      throw new MalformedMessage("Unknown tokenType.");
  }
}

function readModification(entry: unknown): AddQuery | RemoveQuery {
  const modification = fieldsOf(entry, "modification");
  const queryId = natural(modification, "queryId");
  if (modification["type"] === "Remove") return { type: "Remove", queryId };
  if (modification["type"] !== "Add") throw new MalformedMessage("Unknown modification type.");
  const { journal } = modification;
  const args = argumentsOf(modification);
  if (isDeeper(args, DEEPEST_WATCHED)) throw new MalformedMessage("args are nested too deep.");
  return {
    type: "Add",
    queryId,
    path: functionPath(modification),
    args,
    journal: typeof journal === "string" ? journal : null,
  };
}

function functionPath(message: Fields): string {
  if (message["componentPath"] != null && message["componentPath"] !== "") {
    throw new MalformedMessage(NO_COMPONENTS);
  }
  return string(message, "udfPath");
}

/** Arguments come as a list of one object; an empty list means `{}`. */
function argumentsOf(message: Fields): JSONValue {
  const [args = {}, ...more] = list(message, "args");
  if (more.length > 0) throw new MalformedMessage("args has more than one element.");
  return args as JSONValue;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MalformedMessage(`${name} is not an object.`);
  }
  return value as Fields;
}

function natural(message: Fields, name: string): number {
  const value = message[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new MalformedMessage(`${name} is not a natural number.`);
  }
  return value;
}

function string(message: Fields, name: string): string {
  const value = message[name];
  if (typeof value !== "string") throw new MalformedMessage(`${name} is not a string.`);
  return value;
}

function list(message: Fields, name: string): readonly unknown[] {
  const value = message[name];
  if (!Array.isArray(value)) throw new MalformedMessage(`${name} is not a list.`);
  return value;
}
