import type { JSONValue } from "convex/values";
import { DeveloperError } from "./failure.ts";
import { canonicalPath } from "./functions.ts";
import { NO_COMPONENTS } from "./refusal.ts";

/** The arguments of a syscall. */
export type Request = Readonly<Record<string, JSONValue>>;

/** What `ctx.meta.getDeploymentMetadata()` answers; the class is that of the limits. */
export const DEPLOYMENT = { name: "convex-local", region: null, class: "s16" };

/** What a function may know of the request that it serves. Addresses and tokens stay with the server. */
export function requestMetadata(requestId: string, jobId: string | undefined): JSONValue {
  return {
    ip: null,
    userAgent: null,
    requestId,
    scheduledFunctionId: jobId ?? null,
    authToken: null,
  };
}

/** A field of a request that has to be text. */
export function textIn(request: Request, field: string): string {
  const text = request[field];
  if (typeof text === "string") return text;
  throw new DeveloperError(`Invalid argument \`${field}\`: expected a string.`);
}

/** The function that a request addresses: by name, or by a handle that `createFunctionHandle` made. */
export function pathOf(request: Request): string {
  const { name, functionHandle } = request;
  if (typeof name === "string") return canonicalPath(name);
  if (typeof functionHandle === "string") {
    return canonicalPath(functionHandle.replace(/^function:\/\/[^;]*;/, ""));
  }
  throw new DeveloperError(NO_COMPONENTS);
}
