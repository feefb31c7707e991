import type { Command } from "commander";
import { api } from "../backend/api.ts";
import { AGENT_PATIENCE_MS } from "../held-seat.ts";
import type { Handler, Invocation, Runs } from "../invocation.ts";
import { asHolder, waitCommand, type SeatOptions } from "../session.ts";
import { newKey, textOf } from "../text.ts";
import { withSeat } from "./options.ts";
import { forgetTask } from "./task-complete.ts";

interface HandoffOptions extends SeatOptions {
  readonly to: string;
}

/** Ends the task of the seat and passes the work on, in one step. @throws CliError */
export async function passOn(
  invocation: Invocation,
  seatOptions: SeatOptions,
  { to, text }: { readonly to: string; readonly text: string },
): Promise<{ readonly role: string; readonly taskId: string; readonly answer: object }> {
  const { backend, seat } = await asHolder(invocation, seatOptions);
  const { roomId, role, epoch, taskId, token } = seat;
  const answer = await backend.mutate(
    api.tasks.handOff,
    { room: roomId, role, taskId, epoch, token, to, text, key: newKey() },
    { patienceMs: AGENT_PATIENCE_MS },
  );
  await forgetTask(invocation, backend.url, seat);
  return { role, taskId, answer };
}

const handOff: Handler<HandoffOptions> = async (invocation, options, words) => {
  const { to } = options;
  const text = await textOf(invocation, words);
  const { role, taskId, answer } = await passOn(invocation, options, { to, text });
  return {
    data: { taskId, ...answer },
    summary: `Handed to ${to}; ${role} is free.`,
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
