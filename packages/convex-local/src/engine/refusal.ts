import { DeveloperError } from "./failure.ts";

const CLOUD_ONLY = "only Convex Cloud has the service that it asks.";

export const NO_COMPONENTS =
  "Components are not available in this runtime yet: put their functions into the folder, or use a deployment of Convex.";

/** What the SDK can ask for and this runtime does not have, and why. */
export const REFUSED: Readonly<Record<string, string>> = {
  "1.0/actions/vectorSearch":
    "vector search is not available in this runtime yet: use a deployment of Convex, or compare vectors in the action.",
  "1.0/auditLog": "this runtime keeps no audit log.",
  "1.0/createServiceToken": CLOUD_ONLY,
  "1.0/getServiceUrl": CLOUD_ONLY,
  requestFromConvexJson: "http actions are called directly here, not through `runRequest`.",
  convexJsonFromResponse: "http actions are called directly here, not through `runRequest`.",
};

/**
 * The error to end a call with that broke while it was performed. The SDK makes no requests that do not make sense, but functions can
 * reach their host without it: that is their mistake and no fault of the runtime's.
 */
export function mistakeOr(error: unknown, operation: string): unknown {
  const isMistake =
    error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
  return isMistake
    ? new DeveloperError(`The request ${operation} is malformed: ${error.message}`)
    : error;
}

/** `Unknown async operation` is what the SDK looks for to explain itself. */
export function refusalOf(operation: string): DeveloperError {
  const why = Object.hasOwn(REFUSED, operation) ? REFUSED[operation] : undefined;
  if (why !== undefined) return new DeveloperError(`${operation}: ${why}`);
  return new DeveloperError(
    `Unknown async operation ${operation}: it cannot be called from this kind of function.`,
  );
}
