import { Command, CommanderError } from "commander";
import { asCliError, CliError, EXIT } from "./errors.ts";
import { homeOf } from "./home.ts";
import type { Handler, Invocation, Result, Runs } from "./invocation.ts";
import { errorText, resultText } from "./output/envelope.ts";
import { createProgram } from "./program.ts";

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Invocation["stdin"];
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
}

/** Runs one command line (without the program's name) and answers its exit code. Never throws, never exits. */
export async function run(argv: readonly string[], around: Surroundings): Promise<number> {
  const cleanUps: (() => Promise<void> | void)[] = [];
  // Who reads may go away at any time. A write that matters hears of it by its own callback.
  for (const stream of [around.stdout, around.stderr]) stream.on("error", () => undefined);
  const json = ownOf(argv).includes("--json");
  let result: Result | null | undefined;

  const runs: Runs =
    (handler) =>
    async (...parameters) => {
      const command = parameters.findLast((parameter) => parameter instanceof Command);
      const invocation = invocationOf(around, json, cleanUps);
      result = await call(handler, invocation, command, parameters);
    };
  let help = "";
  const program = await createProgram(runs, (text) => (help += text), argv[0]);
  try {
    await program.parseAsync([...argv], { from: "user" });
    if (result === undefined) await write(around.stdout, help);
    else if (result !== null) await print(around, result, json);
    return result?.exit ?? EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError && (error.exitCode === 0 || argv.length === 0)) {
      await write(around.stdout, help);
      return EXIT.done;
    }
    const refusal = error instanceof CommanderError ? usageError(error) : asCliError(error);
    await write(around.stderr, errorText(refusal, json)).catch(() => undefined);
    return refusal.exit;
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  }
}

/** What is meant for us: behind `--` stands somebody else's command line. */
function ownOf(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  return end === -1 ? argv : argv.slice(0, end);
}

async function call<Options>(
  handler: Handler<Options>,
  invocation: Invocation,
  command: Command | undefined,
  parameters: readonly unknown[],
): Promise<Result | null> {
  const options = (command?.optsWithGlobals() ?? {}) as Options;
  const args = parameters
    .slice(0, -2)
    .flat()
    .filter((argument) => typeof argument === "string");
  return await handler(invocation, options, args);
}

function invocationOf(
  around: Surroundings,
  json: boolean,
  cleanUps: (() => Promise<void> | void)[],
): Invocation {
  const { env, stdin, stdout, stderr } = around;
  return {
    env,
    home: homeOf(env),
    json,
    terminal: stdout.isTTY === true,
    stdin,
    stdout,
    progress: (line) => (json ? stderr : stdout).write(`${line}\n`),
    announce: async (announced) => await print(around, announced, json),
    defer: (cleanUp) => cleanUps.push(cleanUp),
  };
}

/** A task that nobody could read must not stay in the hands of a holder that is gone. */
async function print(around: Surroundings, result: Result, json: boolean): Promise<void> {
  try {
    await write(around.stdout, resultText(result, { json, colours: showsColours(around) }));
  } catch (error) {
    await result.unread?.();
    throw new CliError("unread", "Nobody reads the output any more.", { cause: error });
  }
}

function showsColours({ env, stdout }: Surroundings): boolean {
  return stdout.isTTY === true && (env["NO_COLOR"] ?? "") === "";
}

async function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (text === "") return;
  await new Promise<void>((resolve, reject) => {
    stream.once("error", reject);
    stream.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

function usageError(error: CommanderError): CliError {
  if (error.code === "commander.help") {
    return new CliError("usage", "That is a group of commands.", {
      hint: "Add --help to see them.",
    });
  }
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = /\(Did you mean (.*)\?\)/.exec(rest.join(" "))?.[1];
  const message = `${first.charAt(0).toUpperCase()}${first.slice(1).replace(/\.?$/, ".")}`;
  return new CliError("usage", message, {
    hint: suggestion === undefined ? "See: muster --help" : `Did you mean ${suggestion}?`,
    cause: error,
  });
}
