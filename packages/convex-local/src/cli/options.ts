import { statSync } from "node:fs";
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { UsageError } from "./failure.ts";

const MOST_WORKERS = 64;

/** The values of `options` and the words between them. Throws a UsageError for what is no option, and for a value too many or too few. */
export function parsed<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  const { tokens } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given: string[] = [];
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "option") given.push(written(token, options[token.name]));
    else if (token.kind === "positional") words.push(token.value);
  }
  return parseArgs({ args: [...given, "--", ...words], options, allowPositionals: true });
}

/** One option in one word. */
function written(
  {
    rawName,
    value,
    inlineValue,
  }: {
    rawName: string;
    value?: string | undefined;
    inlineValue?: boolean | undefined;
  },
  option: ParseArgsOptionsConfig[string] | undefined,
): string {
  if (option === undefined) throw new UsageError(`There is no option ${rawName} here.`);
  if (option.type === "boolean") {
    if (value === undefined) return rawName;
    throw new UsageError(`${rawName} takes no value.`);
  }
  // The name of an option where a value was expected; a negative number is a value.
  const isOption = inlineValue !== true && value?.startsWith("--");
  if (value !== undefined && value !== "" && !isOption) return `${rawName}=${value}`;
  throw new UsageError(`${rawName} needs a value.`);
}

export function only(positionals: readonly string[], what: string): string {
  const [first, ...more] = positionals;
  if (first === undefined || more.length > 0) throw new UsageError(`Name ${what}, once.`);
  return first;
}

/** Throws a UsageError if the page's directory is none. */
export function refuseMissingPage(directory: string | undefined): void {
  if (directory === undefined || statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    return;
  }
  throw new UsageError(`There is no directory ${directory} to serve.`);
}

export function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65_536) return port;
  throw new UsageError(`"${text}" is not a port.`);
}

/** As many as the runtime thinks best, unless told otherwise. */
export function workersOf(text: string | undefined): { queryWorkers?: number } {
  if (text === undefined) return {};
  const queryWorkers = Number(text);
  if (/^\d+$/.test(text) && queryWorkers <= MOST_WORKERS) return { queryWorkers };
  throw new UsageError(`"${text}" is not a number of query workers: from 0 to ${MOST_WORKERS}.`);
}
