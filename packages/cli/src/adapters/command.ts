import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { HarnessUnusable } from "./adapter.ts";
import type { Adapter } from "./adapter.ts";
import { childTurn, unusable } from "./child-turn.ts";
import type { CommandHarness } from "./harnesses.ts";

/** What may stand where a program expects the name of a model: never an option, never a path upwards. */
const MODEL = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}$/;

/** A program that takes one prompt on stdin and answers on stdout: `claude -p`, `codex exec -`, a script. */
export function commandAdapter(
  harness: CommandHarness,
  model: string | null,
  path: string,
): Adapter {
  const { name, timeoutMs } = harness;
  return {
    async open() {
      if (model !== null && !MODEL.test(model)) {
        throw new HarnessUnusable(
          `${name} cannot be used: ${JSON.stringify(model)} is no model's name.`,
        );
      }
      if (model === null && harness.argv.includes("{model}")) {
        throw new HarnessUnusable(`${name} cannot be used: the agent needs a model.`);
      }
      await findProgram(name, harness.argv[0], path);
    },
    async turn(prompt, context) {
      const [program, ...args] = harness.argv;
      const filled = args.map((arg) => (arg === "{model}" ? (model ?? arg) : arg));
      return await childTurn(
        { name, argv: [program, ...filled], input: prompt, timeoutMs },
        context,
      );
    },
  };
}

async function findProgram(name: string, program: string, path: string): Promise<void> {
  const candidates = program.includes("/")
    ? [program]
    : path.split(delimiter).map((directory) => join(directory, program));
  let failure: unknown;
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw unusable(name, program, failure);
}
