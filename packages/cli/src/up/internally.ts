import { CliError } from "../errors.ts";

/** A backend of this process that takes so long is broken, and must still be able to end. */
const PATIENCE_MS = 20_000;

export interface Deployment {
  readonly url: string;
  readonly adminKey: string;
}

/** Calls an internal function by its path: no client can, without the admin key. @throws CliError, with the answer as its cause */
export async function internally(
  { url, adminKey }: Deployment,
  path: string,
  args: object,
): Promise<unknown> {
  const response = await fetch(`${url}/api/function`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Convex ${adminKey}` },
    body: JSON.stringify({ path, args, format: "convex_encoded_json" }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const answer: unknown = await response.json();
  if (isSuccess(answer)) return answer.value;
  throw new CliError("unexpected", `The backend refused ${path}.`, { cause: answer });
}

function isSuccess(answer: unknown): answer is { value: unknown } {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "status" in answer &&
    answer.status === "success" &&
    "value" in answer
  );
}
