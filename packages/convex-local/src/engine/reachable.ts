import type { FunctionCall, FunctionKind } from "./engine.ts";
import { DeveloperError } from "./failure.ts";
import type { FunctionDefinition, Functions } from "./functions.ts";

/** Throws for what this caller may not reach, in the same words as for what does not exist. */
export function reachable(
  functions: Functions,
  call: FunctionCall,
  kind: FunctionKind,
): FunctionDefinition {
  const definition = functions.find(call.path);
  const reachesInternal = call.caller === "internal" || call.identity.kind === "admin";
  if (definition === undefined || (definition.visibility === "internal" && !reachesInternal)) {
    throw new DeveloperError(`Could not find public function for '${call.path}'.`);
  }
  if (definition.kind !== kind) {
    throw new DeveloperError(
      `Trying to run ${call.path} as a ${kind}, but it is a ${definition.kind}.`,
    );
  }
  return definition;
}
