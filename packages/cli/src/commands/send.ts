import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { asCaller, quoted, roomOf } from "../session.ts";
import { newKey, textOf } from "../text.ts";
import { withRoom } from "./options.ts";

interface SendOptions {
  readonly room?: string;
  readonly to?: string;
}

const send: Handler<SendOptions> = async (invocation, options, words) => {
  const room = roomOf(invocation, options);
  const text = await textOf(invocation, words);
  const backend = await asCaller(invocation);
  const sent = await backend.mutate(
    api.messages.send,
    { room, text, key: newKey(), ...(options.to === undefined ? {} : { to: options.to }) },
    { patienceMs: 2_000 },
  );
  return {
    data: sent,
    summary: `Sent to ${sent.role}. ${sent.wakes.note}`,
    next: [`muster messages --room ${quoted(room)} --since ${sent.seq}`],
  };
};

export function addSend(program: Command, runs: Runs): void {
  withRoom(program.command("send"))
    .description("write to a room as yourself")
    .option("--to <role>", "whom it is for (default: the room's entry role)")
    .argument("[text...]", "the message (default: what is piped in)")
    .action(runs(send));
}
