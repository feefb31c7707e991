import type { Command } from "commander";
import { api } from "../backend/api.ts";
import { AGENT_PATIENCE_MS } from "../held-seat.ts";
import type { Handler, Invocation, Runs } from "../invocation.ts";
import { asSeated, roleOf, roomOf, type SeatOptions } from "../session.ts";
import { newKey, textOf } from "../text.ts";
import { withSeat } from "./options.ts";

/** Tells the room how the work of the seat goes. @throws CliError */
export async function tellRoom(
  invocation: Invocation,
  seatOptions: SeatOptions,
  text: string,
): Promise<object> {
  const { backend, seat } = await asSeated(invocation, seatOptions);
  const { roomId, role, epoch, taskId, token } = seat;
  return await backend.mutate(
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
}

const report: Handler<SeatOptions> = async (invocation, options, words) => {
  roomOf(invocation, options);
  roleOf(invocation, options);
  const text = await textOf(invocation, words);
  const answer = await tellRoom(invocation, options, text);
  return { data: answer, summary: "The room knows." };
};

export function addReportProgress(program: Command, runs: Runs): void {
  withSeat(program.command("report-progress"))
    .description("tell the room how the work goes")
    .argument("[text...]", "one line (default: what is piped in)")
    .action(runs(report));
}
