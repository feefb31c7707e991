import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** The file that `program` names on `path`, the way a shell finds it. @throws the last failure if there is none */
export async function findProgram(program: string, path: string): Promise<string> {
  const candidates = program.includes("/")
    ? [program]
    : path.split(delimiter).map((directory) => join(directory, program));
  let failure: unknown = new Error("the path is empty");
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
