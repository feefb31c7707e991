import type { World } from "../kernel/world.ts";
import type { Process } from "../machine/process.ts";
import type { Rule } from "./ledger.ts";

/** `told`: an agent's process that ended unasked is told of, sooner or later, and before the next one is begun. */
export function told(world: World): Rule {
  const begun = new Map<string, number>();
  const known = new Set<string>();
  const unasked = new Map<string, string>();
  world.onSpawn((spawned) => {
    const process = spawned as Process;
    if (process.start.program === "daemon/main.ts") forgive(process);
    if (process.start.program !== "agent-run/main.ts") return;
    const { MUSTER_ROOM, MUSTER_ROLE } = process.start.env;
    const agent = `${MUSTER_ROOM} ${MUSTER_ROLE}`;
    const epoch = begun.get(agent);
    process.onEnd(({ code, signal }) => {
      if (code !== 0) unasked.set(`${agent} ${epoch}`, `${process.title} (${signal ?? code})`);
    });
  });

  /** A daemon that is told to end does not wait for a backend that is away: the leases will say it. */
  function forgive(daemon: Process): void {
    const host = `${daemon.host.name}/`;
    daemon.onEnd(() => {
      if (!daemon.isAskedToEnd) return;
      for (const [about, who] of unasked) if (who.startsWith(host)) unasked.delete(about);
    });
  }

  return {
    onAnswer({ path, args, value }) {
      const agent = `${String(args["room"])} ${String(args["role"])}`;
      const about = `${agent} ${String(args["epoch"])}`;
      if (path === "participants:leave") known.add(about);
      if (path !== "participants:updateAgentStatus") return;
      const { type } = args["event"] as { type: string };
      const { accepted, epoch } = value as { accepted: boolean; epoch: number };
      if (type === "process_exited" || type === "leave") known.add(about);
      if (type !== "restart_initiated" || !accepted) return;
      begun.set(agent, epoch);
      const who = unasked.get(about);
      if (who === undefined || known.has(about)) return;
      world.violate("told", `nobody told that ${who} had ended, and the next one is begun`);
    },
  };
}
