import type { Log } from "../log.ts";
import { endAgent, endSurvivors } from "./agent-process.ts";
import type { Clock } from "./clock.ts";
import { launch } from "./launch.ts";
import type { LaunchSurroundings } from "./launch.ts";
import type { Effects } from "./supervised.ts";

/** How long an agent may take to leave its room before it is killed. */
export const STOP_GRACE_MS = 5_000;

/** What the supervisors of a running daemon do to processes, files and rooms. */
export function effectsOf(around: LaunchSurroundings, clock: Clock, log: Log): Effects {
  const { reports, records, starts } = around;
  const sleep = async (ms: number) => await clock.sleep(ms);
  return {
    async launch(agent, hear) {
      const launched = await launch(around, agent, hear);
      const { roomName: room, role } = agent;
      if (launched === null) log("start refused", { room, role, status: agent.agentStatus });
      else log("started", { room, role, epoch: launched.epoch, pid: launched.process.pid });
      return launched;
    },
    async bury(agent, gone, exit) {
      const { epoch, process } = gone;
      const { code, signal, tail } = exit;
      log("exited", {
        room: agent.roomName,
        role: agent.role,
        epoch,
        pid: process.pid,
        code,
        signal,
        tail,
      });
      const report = { type: "process_exited", code, signal, tail, asked: false } as const;
      // The room need not wait for the disk: a daemon that dies before it has written leaves its record of the start, by which the next
      // one finds the process gone and tells it, only without how it ended.
      await Promise.all([
        records.keepExit({ ...agent, epoch }, exit),
        reports.deliver({ ...agent, epoch }, report),
        endSurvivors(process, sleep),
      ]);
      await records.forget(agent);
    },
    async end(agent, living) {
      log("ending", { room: agent.roomName, role: agent.role, epoch: living.epoch });
      return await endAgent(living.process, { graceMs: STOP_GRACE_MS, sleep });
    },
    async leave(agent, reason) {
      const leave = { type: "leave", reason } as const;
      const { accepted, epoch } = await reports.deliver(agent, leave);
      // Somebody else has sat down there since the last start.
      if (!accepted && epoch !== agent.epoch) await reports.deliver({ ...agent, epoch }, leave);
      await records.forget(agent);
    },
    async giveUp(agent, reason) {
      log("given up", { room: agent.roomName, role: agent.role, reason });
      await reports.deliver(agent, { type: "restart_exhausted", reason });
    },
    remember: (agent, history) => starts.keep(agent, history),
    log,
  };
}
