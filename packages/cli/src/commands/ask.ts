import type { Command } from "commander";
import { CliError, EXIT } from "../errors.ts";
import type { Handler, Invocation, Result, Runs } from "../invocation.ts";
import { answerTo, askedBefore, askRoom } from "../question.ts";
import type { AskedQuestion } from "../question.ts";
import { quoted, roleOf, roomOf, seatFlags } from "../session.ts";
import { abortWhenAsked } from "../signals.ts";
import { textOf } from "../text.ts";
import { seconds, UNWATCHED_SECONDS, withSeat } from "./options.ts";
import { duration } from "./times.ts";

interface AskOptions {
  readonly room?: string;
  readonly role?: string;
  readonly choice?: readonly string[];
  readonly timeout?: number;
  readonly wait?: number;
  readonly resume?: string;
}

const ask: Handler<AskOptions> = async (invocation, options, words) => {
  roomOf(invocation, options);
  roleOf(invocation, options);
  // From the first word on: the room may know of the question before this process has its id.
  const signal = abortWhenAsked();
  const asked = await askedBy(invocation, options, words);
  const wait = options.wait ?? (invocation.terminal ? undefined : UNWATCHED_SECONDS);
  if (invocation.terminal) invocation.progress("The people of the room are asked. Waiting …");
  const given = await answerTo(asked, {
    waitMs: wait === undefined ? undefined : wait * 1_000,
    signal,
  });
  const { questionId } = asked;
  if (given === null) return nothingYet(questionId, options);
  return {
    data: { questionId, ...given },
    summary: `${given.answeredBy} has answered.`,
    lines: [given.answer],
  };
};

async function askedBy(
  invocation: Invocation,
  options: AskOptions,
  words: readonly string[],
): Promise<AskedQuestion> {
  const { choice: choices = [], timeout: timeoutMs, resume } = options;
  if (resume === undefined) {
    const text = await textOf(invocation, words);
    return await askRoom(invocation, options, { text, choices, timeoutMs });
  }
  if (words.length === 0 && choices.length === 0 && timeoutMs === undefined)
    return await askedBefore(invocation, options, resume);
  throw new CliError("usage", "--resume goes on with a question that is asked already.", {
    hint: `Give nothing else about it: muster ask --resume ${quoted(resume)}`,
  });
}

/** `next` is the command that goes on waiting, so that an agent only has to run it. */
function nothingYet(questionId: string, options: AskOptions): Result {
  const wait = options.wait === undefined ? "" : ` --wait ${options.wait}`;
  return {
    data: { questionId, answer: null, answeredBy: null },
    summary: `Nobody has answered yet. The question ${questionId} stays open; call again.`,
    next: [`muster ask${seatFlags(options)} --resume ${questionId}${wait}`],
    exit: EXIT.again,
  };
}

const collected = (value: string, before: readonly string[] = []) => [...before, value];

export function addAsk(program: Command, runs: Runs): void {
  withSeat(program.command("ask"))
    .description("ask the people of the room, and wait for the answer")
    .argument("[question...]", "what they are asked (default: what is piped in)")
    .option("--choice <answer>", "one of 2 to 6 answers to choose from; give it again", collected)
    .option("--timeout <duration>", "how long they may answer: 10m, 2h (10m; 1d)", duration)
    .option("--wait <seconds>", "end with 75 after this long (110 without a terminal)", seconds)
    .option("--resume <id>", "go on waiting for the answer to a question")
    .action(runs(ask));
}
