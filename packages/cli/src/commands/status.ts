import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Line, Runs } from "../invocation.ts";
import { noticeLines } from "../output/notices.ts";
import { oldestLine, rosterLines, type Oldest, type SeatView } from "../output/roster.ts";
import { schedulesLine } from "../output/schedules.ts";
import { asCaller } from "../session.ts";
import { runningUp } from "../up/current.ts";

interface RoomView {
  readonly name: string;
  readonly seats: readonly SeatView[];
  readonly oldest: Oldest;
  readonly schedules: Parameters<typeof schedulesLine>[0];
}

const status: Handler<object> = async (invocation) => {
  const { daemonStatus } = await import("../daemon/index.ts");
  const backend = await asCaller(invocation);
  const [who, { items }, notices, up, daemon] = await Promise.all([
    backend.query(api.auth.whoami, {}),
    backend.query(api.rooms.list, {}),
    backend.query(api.notices.list, {}),
    runningUp(invocation.home),
    daemonStatus(invocation.home),
  ]);
  const rooms = await Promise.all(
    items.map(async ({ _id, name }) => {
      const [readiness, oldest, schedules] = await Promise.all([
        backend.query(api.rooms.getTeamReadiness, { room: _id }),
        backend.query(api.tasks.oldestUndelivered, { room: _id }),
        backend.query(api.schedules.list, { room: _id }),
      ]);
      return { _id, name, seats: readiness.items, oldest, schedules };
    }),
  );
  const now = Date.now();
  return {
    data: { url: backend.url, name: who.name, up, daemon, notices: notices.items, rooms },
    summary: `${backend.url} answers; ${rooms.length} rooms.`,
    lines: [
      `Backend  ${backend.url}${up === null ? "" : ` (process ${up.pid})`}, signed in as ${who.name}`,
      `Daemon   ${daemon === null ? "not running" : `process ${daemon.pid}`}`,
      ...noticeLines(notices.items, now),
      ...rooms.flatMap((room) => roomLines(room, now)),
    ],
    next: daemon === null ? ["muster machine daemon start"] : [],
  };
};

function roomLines({ name, seats, oldest, schedules }: RoomView, now: number): Line[] {
  return [
    name,
    ...rosterLines(seats, now),
    ...oldestLine(oldest, now),
    ...schedulesLine(schedules, now),
  ];
}

export function addStatus(program: Command, runs: Runs): void {
  program.command("status").description("what runs, and how everybody is").action(runs(status));
}
