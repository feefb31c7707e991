import type { Command } from "commander";
import { api } from "../backend/api.ts";
import { AGENT_PATIENCE_MS } from "../held-seat.ts";
import type { Handler, Runs } from "../invocation.ts";
import { asHolder, waitCommand } from "../session.ts";
import { newKey, textOf } from "../text.ts";
import { withSeat } from "./options.ts";
import { forgetTask } from "./task-complete.ts";

interface HandoffOptions {
  readonly room?: string;
  readonly role?: string;
  readonly to: string;
}

const handOff: Handler<HandoffOptions> = async (invocation, options, words) => {
  const text = await textOf(invocation, words);
  const { backend, seat } = await asHolder(invocation, options);
  const { roomId, role, epoch, taskId, token } = seat;
  const answer = await backend.mutate(
    api.tasks.handOff,
    { room: roomId, role, taskId, epoch, token, to: options.to, text, key: newKey() },
    { patienceMs: AGENT_PATIENCE_MS },
  );
  await forgetTask(invocation, backend.url, seat);
  return {
    data: { taskId, ...answer },
    summary: `Handed to ${options.to}; ${role} is free.`,
    next: [waitCommand(options)],
  };
};

export function addHandoff(program: Command, runs: Runs): void {
  withSeat(program.command("handoff"))
    .description("end the task and pass the work on")
    .requiredOption("--to <role>", "the next role, or user to answer the person")
    .argument("[text...]", "what the next one needs to know (default: what is piped in)")
    .action(runs(handOff));
}
