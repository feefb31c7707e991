import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Line, Runs } from "../invocation.ts";
import { rosterLines, type SeatView } from "../output/roster.ts";
import { asCaller } from "../session.ts";
import { runningUp } from "../up/current.ts";

const status: Handler<object> = async (invocation) => {
  const { daemonStatus } = await import("../daemon/index.ts");
  const backend = await asCaller(invocation);
  const [who, { items }, up, daemon] = await Promise.all([
    backend.query(api.auth.whoami, {}),
    backend.query(api.rooms.list, {}),
    runningUp(invocation.home),
    daemonStatus(invocation.home),
  ]);
  const rooms = await Promise.all(
    items.map(async ({ _id, name }) => {
      const readiness = await backend.query(api.rooms.getTeamReadiness, { room: _id });
      return { _id, name, seats: readiness.items };
    }),
  );
  const now = Date.now();
  return {
    data: { url: backend.url, name: who.name, up, daemon, rooms },
    summary: `${backend.url} answers; ${rooms.length} rooms.`,
    lines: [
      `Backend  ${backend.url}${up === null ? "" : ` (process ${up.pid})`}, signed in as ${who.name}`,
      `Daemon   ${daemon === null ? "not running" : `process ${daemon.pid}`}`,
      ...rooms.flatMap(({ name, seats }) => roomLines(name, seats, now)),
    ],
    next: daemon === null ? ["muster machine daemon start"] : [],
  };
};

function roomLines(name: string, seats: readonly SeatView[], now: number): Line[] {
  return [name, ...rosterLines(seats, now)];
}

export function addStatus(program: Command, runs: Runs): void {
  program.command("status").description("what runs, and how everybody is").action(runs(status));
}
