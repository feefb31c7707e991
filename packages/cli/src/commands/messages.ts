import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { messageLines } from "../output/messages.ts";
import { asCaller, quoted, roomOf } from "../session.ts";
import { howMany, wholeNumber, withRoom } from "./options.ts";

interface MessagesOptions {
  readonly room?: string;
  readonly since?: number;
  readonly limit?: number;
}

const messages: Handler<MessagesOptions> = async (invocation, options) => {
  const room = roomOf(invocation, options);
  const backend = await asCaller(invocation);
  const { items } = await backend.query(api.messages.list, {
    room,
    ...(options.since === undefined ? {} : { since: options.since }),
    ...(options.limit === undefined ? {} : { limit: options.limit }),
  });
  const last = items.at(-1);
  return {
    data: { items },
    summary: items.length === 1 ? "1 message" : `${items.length} messages`,
    lines: items.length === 0 ? ["No messages."] : messageLines(items),
    next:
      last === undefined || !invocation.json
        ? []
        : [`muster messages --room ${quoted(room)} --since ${last.seq}`],
  };
};

export function addMessages(program: Command, runs: Runs): void {
  withRoom(program.command("messages"))
    .description("what was said in a room, oldest first")
    .option("--since <seq>", "only what came after this number", wholeNumber)
    .option("--limit <count>", "at most so many", howMany)
    .action(runs(messages));
}
