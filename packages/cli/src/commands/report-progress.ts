import type { Command } from "commander";
import { api } from "../backend/api.ts";
import { CliError } from "../errors.ts";
import { AGENT_PATIENCE_MS } from "../held-seat.ts";
import type { Handler, Runs } from "../invocation.ts";
import { asAgent, roleOf, roomOf, waitCommand } from "../session.ts";
import { newKey, textOf } from "../text.ts";
import { withSeat } from "./options.ts";

const report: Handler<{ room?: string; role?: string }> = async (invocation, options, words) => {
  const room = roomOf(invocation, options);
  const role = roleOf(invocation, options);
  const text = await textOf(invocation, words);
  const { backend, seat } = await asAgent(invocation, room, role);
  if (seat === null) {
    throw new CliError("conflict", `Nobody sits in ${role} of ${room} on this machine.`, {
      hint: `First sit down: ${waitCommand(options)}`,
    });
  }
  const { roomId, epoch, taskId, token } = seat;
  const answer = await backend.mutate(
    api.messages.reportProgress,
    {
      room: roomId,
      role,
      epoch,
      text,
      key: newKey(),
      ...(taskId === undefined || token === undefined ? {} : { taskId, token }),
    },
    { patienceMs: AGENT_PATIENCE_MS },
  );
  return { data: answer, summary: "The room knows." };
};

export function addReportProgress(program: Command, runs: Runs): void {
  withSeat(program.command("report-progress"))
    .description("tell the room how the work goes")
    .argument("[text...]", "one line (default: what is piped in)")
    .action(runs(report));
}
