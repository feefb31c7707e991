import { jsonToConvex, type JSONValue, type Value } from "convex/values";

/** The value that Convex JSON stands for. Throws a TypeError for what is none, where the SDK throws just any Error. */
export function decode(json: JSONValue): Value {
  try {
    return jsonToConvex(json);
  } catch (cause) {
    throw new TypeError((cause as Error).message, { cause });
  }
}
