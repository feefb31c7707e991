import type { Process } from "../machine/process.ts";
import type { World } from "../kernel/world.ts";
import type { Ledger, Rule } from "./ledger.ts";

const WINDOW_MS = 300_000;
/** Five starts, and the first trial after one minute. */
const MOST_IN_WINDOW = 6;
const BURST = 10;

/** I7: no second process of an agent beside a living one. I8: starts stay within their budget and their pace. */
export function starts(world: World, ledger: Ledger): Rule {
  const byAgent = new Map<string, Process[]>();
  const byHost = new Map<string, { tokens: number; at: number }>();
  const asked = new Map<string, number[]>();
  world.onSpawn((spawned) => {
    const process = spawned as Process;
    if (process.start.program !== "agent-run/main.ts") return;
    checkAlone(world, process);
    const key = agentOf(process);
    const since = world.now - WINDOW_MS;
    const recent = [...(byAgent.get(key) ?? []), process].filter(
      (one) => one.startedAt > since && !wasAsked(one),
    );
    byAgent.set(key, recent);
    // Each word of a person or message may use up one more.
    const words = (asked.get(key) ?? []).filter((at) => at > since - 60_000).length;
    if (recent.length > MOST_IN_WINDOW + words * MOST_IN_WINDOW) {
      world.violate("I8", `${process.title} was started ${recent.length} times in five minutes`);
    }
    checkPace(world, byHost, process);
  });
  return {
    onCommit(written) {
      for (const { table, before, after } of written) {
        if (table === "commands" && after?.["kind"] === "start-agent" && before === null) {
          const key = `${String(after["roomId"])} ${String(after["role"])}`;
          asked.set(key, [...(asked.get(key) ?? []), ledger.world.now]);
        }
        if (
          table === "agents" &&
          before?.["desired"] === "stopped" &&
          after?.["desired"] === "running"
        ) {
          const key = `${String(after["roomId"])} ${String(after["role"])}`;
          asked.set(key, [...(asked.get(key) ?? []), ledger.world.now]);
        }
      }
    },
  };
}

/** It left when it was told to: such a start uses up nothing. */
function wasAsked({ exit }: Process): boolean {
  return exit?.code === 0;
}

function agentOf({ env }: Process): string {
  return `${env["MUSTER_ROOM"]} ${env["MUSTER_ROLE"]}`;
}

function checkAlone(world: World, process: Process): void {
  const key = agentOf(process);
  for (const other of process.host.processes.values()) {
    if (other === process || !other.isAlive || agentOf(other) !== key) continue;
    if (other.env["MUSTER_AGENT_MARKER"] === undefined) continue;
    world.violate("I7", `${process.title} starts beside ${other.title} (pid ${other.pid})`);
  }
}

/** A daemon that was started anew begins with a full burst. */
function checkPace(
  world: World,
  byHost: Map<string, { tokens: number; at: number }>,
  process: Process,
): void {
  const key = `${process.host.name} ${process.parent?.pid}`;
  const bucket = byHost.get(key) ?? { tokens: BURST + 1, at: world.now };
  const tokens = Math.min(BURST + 1, bucket.tokens + (world.now - bucket.at) / 1_000) - 1;
  byHost.set(key, { tokens, at: world.now });
  if (tokens < -1) world.violate("I8", `${process.host.name} starts agents too fast`);
}
