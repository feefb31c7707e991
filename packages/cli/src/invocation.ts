import type { Home } from "./home.ts";

/** What one call of `muster` was given by its surroundings; nothing below reads `process` for these. */
export interface Invocation {
  readonly env: NodeJS.ProcessEnv;
  readonly home: Home;
  readonly json: boolean;
  /** Whether a person watches the output. */
  readonly terminal: boolean;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Only for a command that speaks a protocol of its own; every other one returns a result. */
  readonly stdout: NodeJS.WritableStream;
  /** Prints while the command still runs; nothing with `--json` but what goes to stderr. */
  readonly progress: (line: string) => void;
  /** Prints a result at once, for a command that goes on afterwards. */
  readonly announce: (result: Result) => Promise<void>;
  /** Runs when the command is over, however it ended; last in, first out. */
  readonly defer: (cleanUp: () => Promise<void> | void) => void;
}

/** One line or more for people. Text of others may be in it: colours are added after it was made harmless. */
export type Line = string | { readonly text: string; readonly colour: Colour };

export type Colour = "red" | "green" | "amber" | "blue" | "grey" | "bold";

/** What a command did, for programs (`data`) and people (`summary`, `lines`). */
export interface Result {
  readonly data: unknown;
  /** One sentence, always there. */
  readonly summary: string;
  /** What people read; the summary alone if absent. */
  readonly lines?: readonly Line[];
  /** The commands that one would run now, complete. */
  readonly next?: readonly string[];
  readonly exit?: number;
  /** Called when nobody can read the output any more. */
  readonly unread?: () => Promise<void>;
}

/** Runs a command with its parsed options and arguments; null if all was announced. Throws `CliError` for what the caller should understand. */
export type Handler<Options> = (
  invocation: Invocation,
  options: Options,
  args: readonly string[],
) => Promise<Result | null>;

/** Turns a handler into what commander calls. */
export type Runs = <Options>(handler: Handler<Options>) => (...args: unknown[]) => Promise<void>;
