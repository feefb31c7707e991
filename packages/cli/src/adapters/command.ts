import { HarnessMissing } from "./adapter.ts";
import type { Adapter, Place } from "./adapter.ts";
import { unusable } from "./child-turn.ts";
import type { ConfiguredHarness } from "./harnesses.ts";
import { findProgram } from "./path.ts";
import { processPerTurn } from "./process-per-turn.ts";

/** What may stand where a program expects the name of a model: never an option, never a path upwards. */
const MODEL = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}$/;

/** A program that takes one prompt on stdin and answers on stdout: `claude -p`, `codex exec -`, a script. */
export function commandAdapter(
  harness: Pick<ConfiguredHarness, "name" | "argv" | "timeoutMs">,
  model: string | null,
  place: Place,
): Adapter {
  const { name, timeoutMs } = harness;
  const [program, ...args] = harness.argv;
  const filled = args.map((arg) => (arg === "{model}" ? (model ?? arg) : arg));
  const command = {
    check: async () => {
      refuseModel(harness, model);
      await findProgram(program, place.environment["PATH"] ?? "").catch((error: unknown) => {
        throw unusable(name, program, error);
      });
    },
    turnOf: (input: string) => ({ name, argv: [program, ...filled] as const, input, timeoutMs }),
  };
  return processPerTurn(command, place);
}

function refuseModel(
  { name, argv }: Pick<ConfiguredHarness, "name" | "argv">,
  model: string | null,
): void {
  if (model !== null && !MODEL.test(model)) {
    throw new HarnessMissing(
      `${name} cannot be used: ${JSON.stringify(model)} is no model's name.`,
    );
  }
  if (model === null && argv.includes("{model}")) {
    throw new HarnessMissing(`${name} cannot be used: the agent needs a model.`);
  }
}
