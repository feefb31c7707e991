import { randomUUID } from "node:crypto";
import { CliError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";

/** More than any message may hold, and little enough to be read into memory. */
const READ_LIMIT_BYTES = 4 * 1024 * 1024;

/** How long a pipe may stay silent before its first byte. A harness may leave one open that it never writes to. */
const SILENCE_MS = { required: 30_000, optional: 500 };

/** The text of a command: its arguments, or what is piped in when there are none or `-`. Never empty. */
export async function textOf(invocation: Invocation, words: readonly string[]): Promise<string> {
  const text = await read(invocation, words, SILENCE_MS.required);
  if (text !== undefined) return text;
  throw new CliError("usage", "There is no text.", {
    hint: "Give it as an argument, or pipe it in: echo hello | muster …",
  });
}

/** The same, or undefined when nothing was given or piped in. */
export async function optionalTextOf(
  invocation: Invocation,
  words: readonly string[],
): Promise<string | undefined> {
  return await read(invocation, words, SILENCE_MS.optional);
}

async function read(
  invocation: Invocation,
  words: readonly string[],
  silenceMs: number,
): Promise<string | undefined> {
  const piped = words.length === 0 || (words.length === 1 && words[0] === "-");
  const text = piped ? await readAll(invocation.stdin, silenceMs) : words.join(" ");
  return text.trim() === "" ? undefined : text.replace(/\n+$/, "");
}

async function readAll(stdin: Invocation["stdin"], silenceMs: number): Promise<string> {
  if (stdin.isTTY === true) return "";
  return await new Promise<string>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (): void => resolve(Buffer.concat(chunks).toString("utf8"));
    const silence = setTimeout(finish, silenceMs);
    stdin.on("data", (chunk: Buffer | string) => {
      clearTimeout(silence);
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      chunks.push(bytes);
      if (size > READ_LIMIT_BYTES) reject(tooLong());
    });
    stdin.once("end", () => {
      clearTimeout(silence);
      finish();
    });
    stdin.once("error", reject);
  });
}

function tooLong(): CliError {
  return new CliError("too_large", "The text is longer than 4 MiB.", {
    hint: "Write it to a file in the repository and name the file instead.",
  });
}

/** An idempotency key: one per call of the command, the same for all its tries. */
export function newKey(): string {
  return randomUUID();
}
