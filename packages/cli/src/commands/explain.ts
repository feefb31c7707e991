import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { explanationLines, reporterOf } from "../output/explanation.ts";
import { schedulesLine } from "../output/schedules.ts";
import { asCaller, roomOf } from "../session.ts";
import { withRoomArgument } from "./options.ts";

/** Why the work of a room, or of one role, does not go on; the first reason for each role. */
const explain: Handler<{ room?: string; role?: string }> = async (invocation, options, [name]) => {
  const room = roomOf(invocation, options, name);
  const { role } = options;
  const backend = await asCaller(invocation);
  const [{ items }, { items: seats }, { settings, items: schedules }] = await Promise.all([
    backend.query(api.rooms.explain, role === undefined ? { room } : { room, role }),
    backend.query(api.rooms.getTeamReadiness, { room }),
    backend.query(api.schedules.list, { room }),
  ]);
  const told = await Promise.all(
    items.map(async (item) => {
      const seat = seats.find((one) => one.role === item.role);
      const events = await backend.query(api.participants.events, { room, role: item.role });
      return { seat, item: { ...item, reporter: reporterOf(seat, events.items) } };
    }),
  );
  const holdups = items.flatMap(({ holdup }) => (holdup === null ? [] : [holdup]));
  const own = schedules.filter((schedule) => role === undefined || schedule.role === role);
  const now = Date.now();
  const free = role === undefined ? `in ${room}` : `${role} in ${room}`;
  return {
    data: { items: told.map(({ item }) => item) },
    summary:
      holdups.length === 0
        ? `Nothing holds up ${role === undefined ? `the work ${free}` : free}.`
        : [...new Set(holdups.map(({ sentence }) => sentence))].join(" "),
    lines: [
      ...told.flatMap(({ item, seat }) => explanationLines(item, seat, now)),
      ...schedulesLine({ settings, items: own }, now),
    ],
    next: [...new Set(holdups.map(({ command }) => command))],
  };
};

export function addExplain(program: Command, runs: Runs): void {
  withRoomArgument(program.command("explain"))
    .description("what holds the work up, and the command that helps")
    .option("--role <role>", "only this role")
    .action(runs(explain));
}
