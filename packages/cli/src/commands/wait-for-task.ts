import type { Command } from "commander";
import { EXIT } from "../errors.ts";
import type { Handler, Result, Runs } from "../invocation.ts";
import { asAgent, roleOf, roomOf, seatFlags, waitCommand } from "../session.ts";
import { abortWhenAsked } from "../signals.ts";
import { waitForTask } from "../wait.ts";
import { seconds, UNWATCHED_SECONDS, withSeat } from "./options.ts";

interface WaitForTaskOptions {
  readonly room?: string;
  readonly role?: string;
  readonly timeout?: number;
  readonly takeOver?: boolean;
}

const wait: Handler<WaitForTaskOptions> = async (invocation, options) => {
  const room = roomOf(invocation, options);
  const role = roleOf(invocation, options);
  const { backend } = await asAgent(invocation, room, role);
  const timeout = options.timeout ?? (invocation.terminal ? undefined : UNWATCHED_SECONDS);
  if (invocation.terminal) invocation.progress(`Waiting for work as ${role} in ${room} …`);

  const { held, delivery } = await waitForTask({
    home: invocation.home,
    backend,
    room,
    role,
    takeOver: options.takeOver ?? false,
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1_000 }),
    signal: abortWhenAsked(),
  });
  if (delivery === null) return nothingYet(options);

  const { from: _from, request: _request, ...task } = delivery;
  return {
    data: { task, room: held.seat.roomName },
    summary: delivery.resumed ? "Your task, once more." : `A task for ${role}.`,
    lines: [delivery.text],
    next: [`muster task-started${seatFlags(options)} --task ${delivery.id}`],
    unread: async () => await held.leave("nobody reads its output"),
  };
};

/** `next` is the very command that was run, so that an agent only has to repeat it. */
function nothingYet(options: WaitForTaskOptions): Result {
  const timeout = options.timeout === undefined ? "" : ` --timeout ${options.timeout}`;
  return {
    data: { task: null },
    summary: "Nothing yet. Call again.",
    next: [`${waitCommand(options)}${timeout}`],
    exit: EXIT.again,
  };
}

export function addWaitForTask(program: Command, runs: Runs): void {
  withSeat(program.command("wait-for-task"))
    .description("sit down in a role and wait for its next task")
    .option("--timeout <seconds>", "end with 75 after this long (110 without a terminal)", seconds)
    .option("--take-over", "take the seat from the process that just took it")
    .action(runs(wait));
}
