import type { Process } from "../machine/process.ts";
import type { World } from "../kernel/world.ts";
import type { Document, Ledger, Rule } from "./ledger.ts";

const WINDOW_MS = 300_000;
/** Five starts, and the first trial after one minute. */
const MOST_IN_WINDOW = 6;
const BURST = 10;

/** I7: no second process of an agent beside a living one. I8: starts stay within their budget and their pace. */
export function starts(world: World, ledger: Ledger): Rule {
  const byAgent = new Map<string, Process[]>();
  const byHost = new Map<string, { tokens: number; at: number }>();
  const asked = new Map<string, { readonly at: number; readonly starts: number }[]>();
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
    const granted = (asked.get(key) ?? []).filter(({ at }) => at > since - 60_000);
    const more = granted.reduce((sum, { starts: few }) => sum + few, 0);
    if (recent.length > MOST_IN_WINDOW + more) {
      world.violate("I8", `${process.title} was started ${recent.length} times in five minutes`);
    }
    checkPace(world, byHost, process);
  });

  /** A person begins a fresh budget, a message uses up one start more. */
  function grant(about: Document, few: number): void {
    const key = `${String(about["roomId"])} ${String(about["role"])}`;
    asked.set(key, [...(asked.get(key) ?? []), { at: ledger.world.now, starts: few }]);
  }

  return {
    onCommit(written) {
      for (const { table, before, after } of written) {
        if (after === null) continue;
        const { kind, desired, asked: by } = after;
        if (table === "commands" && kind === "start-agent" && by !== "nobody") {
          if (before === null || before["asked"] !== by) {
            grant(after, by === "person" ? MOST_IN_WINDOW : 1);
          }
        }
        if (table === "agents" && before?.["desired"] === "stopped" && desired === "running") {
          grant(after, MOST_IN_WINDOW);
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
