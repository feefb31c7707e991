import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import {
  detailLines,
  scheduleLines,
  settingsLines,
  skipWords,
  switchLine,
  tickLines,
} from "../output/schedules.ts";
import { asCaller, quoted, refuseAgent, roomOf } from "../session.ts";
import { newKey } from "../text.ts";
import { howMany, withRoom } from "./options.ts";
import { addScheduleAdd } from "./schedule-add.ts";
import { addScheduleSwitches } from "./schedule-configure.ts";

interface RoomOption {
  readonly room?: string;
}

const SHOWN = 20;

const list: Handler<RoomOption> = async (invocation, options) => {
  const room = roomOf(invocation, options);
  const backend = await asCaller(invocation);
  const { settings, items } = await backend.query(api.schedules.list, { room });
  const now = Date.now();
  const stopped = items.filter(({ state }) => state === "stopped");
  const where = `--room ${quoted(room)}`;
  return {
    data: { settings, items },
    summary: items.length === 1 ? "1 schedule" : `${items.length} schedules`,
    lines:
      items.length === 0
        ? ["No schedules.", ...settingsLines(settings)]
        : [...settingsLines(settings), ...items.flatMap((item) => scheduleLines(item, now))],
    next: [
      ...(items.length === 0 || settings.on ? [] : [`muster schedule on ${where}`]),
      ...stopped.map(({ name }) => `muster schedule resume ${quoted(name)} ${where}`),
    ],
  };
};

const show: Handler<RoomOption & { limit?: number }> = async (invocation, options, [name = ""]) => {
  const room = roomOf(invocation, options);
  const backend = await asCaller(invocation);
  const [{ items: ticks }, { settings, items }] = await Promise.all([
    backend.query(api.schedules.ticks, { room, schedule: name, limit: options.limit ?? SHOWN }),
    backend.query(api.schedules.list, { room }),
  ]);
  const schedule = items.find((item) => item.name === name || item._id === name);
  const now = Date.now();
  return {
    data: { schedule: schedule ?? null, ticks },
    summary: ticks.length === 1 ? "1 tick" : `${ticks.length} ticks`,
    lines: [
      ...(schedule === undefined
        ? []
        : [...scheduleLines(schedule, now), ...detailLines(schedule)]),
      ...(schedule?.state === "off" ? [switchLine(settings)] : []),
      ...tickLines(ticks, now),
    ],
    next: schedule?.state === "stopped" ? [again("resume", name, room)] : [],
  };
};

const pause: Handler<RoomOption> = async (invocation, options, [name = ""]) => {
  refuseAgent(invocation, "change schedules");
  const room = roomOf(invocation, options);
  const backend = await asCaller(invocation);
  const answer = await backend.mutate(api.schedules.pause, { room, schedule: name });
  return {
    data: answer,
    summary: `${name} ticks no more until it is resumed.`,
    next: [again("resume", name, room)],
  };
};

const resume: Handler<RoomOption> = async (invocation, options, [name = ""]) => {
  refuseAgent(invocation, "change schedules");
  const room = roomOf(invocation, options);
  const backend = await asCaller(invocation);
  const answer = await backend.mutate(api.schedules.resume, { room, schedule: name });
  const isOff = answer.state === "off";
  return {
    data: answer,
    summary: isOff ? `${name} ticks once schedules are switched on.` : `${name} ticks again.`,
    next: [isOff ? `muster schedule on --room ${quoted(room)}` : again("show", name, room)],
  };
};

const runNow: Handler<RoomOption> = async (invocation, options, [name = ""]) => {
  refuseAgent(invocation, "change schedules");
  const room = roomOf(invocation, options);
  const backend = await asCaller(invocation);
  const tick = await backend.mutate(
    api.schedules.run,
    { room, schedule: name, key: newKey() },
    { patienceMs: 2_000 },
  );
  const skipped = skipWords(tick);
  const detail = tick.detail === null ? "" : ` (${tick.detail})`;
  return {
    data: tick,
    summary:
      skipped === null ? `${name} wakes its agent.` : `${name} woke nobody, ${skipped}${detail}.`,
    next: [again("show", name, room)],
  };
};

const remove: Handler<RoomOption> = async (invocation, options, [name = ""]) => {
  refuseAgent(invocation, "change schedules");
  const room = roomOf(invocation, options);
  const backend = await asCaller(invocation);
  const answer = await backend.mutate(api.schedules.remove, { room, schedule: name });
  const gone = `${name} is gone, and what nobody has taken of it is called off.`;
  if (answer.taken === null) return { data: answer, summary: gone };
  return {
    data: answer,
    summary: `${gone} Task ${answer.taken} goes on.`,
    next: [`muster task cancel ${answer.taken} --room ${quoted(room)}`],
  };
};

const again = (verb: string, name: string, room: string): string =>
  `muster schedule ${verb} ${quoted(name)} --room ${quoted(room)}`;

export function addSchedule(program: Command, runs: Runs): void {
  const schedule = program
    .command("schedule")
    .description("agents that look after things by themselves");
  addScheduleAdd(schedule, runs);
  withRoom(schedule.command("list"))
    .description("a room's schedules: when each is due and what came of it")
    .action(runs(list));
  withRoom(schedule.command("show"))
    .alias("history")
    .description("one schedule and its last ticks, with the reason of each")
    .option("--limit <count>", `at most so many ticks (default: ${SHOWN})`, howMany)
    .argument("<name>", "its name or id")
    .action(runs(show));
  for (const [verb, description, handler] of [
    ["pause", "it ticks no more until it is resumed", pause],
    ["resume", "it ticks again, also after a brake stopped it", resume],
    ["run", "one tick now, whatever the time", runNow],
    ["remove", "away with it and with what nobody has taken of it", remove],
  ] as const) {
    withRoom(schedule.command(verb))
      .description(description)
      .argument("<name>", "its name or id")
      .action(runs(handler));
  }
  addScheduleSwitches(schedule, runs);
}
