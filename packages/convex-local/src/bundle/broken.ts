import { EngineError } from "../engine/errors.ts";
import type { StackMap } from "./stack.ts";

/** What a module threw while it was imported, as the reason why the folder does not load. */
export function brokenModule(cause: unknown, stacks: StackMap): EngineError {
  const { message = String(cause), stack } = (cause ?? {}) as Partial<Error>;
  const place = stacks.innermost(stack);
  return place === undefined
    ? new EngineError("functions_broken", message, { cause })
    : new EngineError("functions_broken", `${place}: ${message}`, { cause, place });
}
