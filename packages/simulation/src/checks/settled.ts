import { isActive, isLive, timingProfile } from "@muster/core";
import type { AgentStatus, TaskStatus } from "@muster/core";
import type { Document, Ledger } from "./ledger.ts";

/** What is still wrong when nothing fails any more: empty once every wanted agent lives and every queue is empty. */
export function unsettled(ledger: Ledger): string[] {
  const seats = new Map([...ledger.all("participants")].map((seat) => [keyOf(seat), seat]));
  const agents = new Map([...ledger.all("agents")].map((agent) => [keyOf(agent), agent]));
  const wrong: string[] = [];
  for (const [key, agent] of agents) {
    const status = (seats.get(key)?.["agentStatus"] ?? "offline") as AgentStatus;
    const wanted = agent["desired"] === "running";
    if (wanted && agent["type"] === "remote" && !isLive(status)) {
      wrong.push(`${String(agent["role"])} is ${status}`);
    }
    if (!wanted && isLive(status)) wrong.push(`${String(agent["role"])} is ${status}, but stopped`);
  }
  for (const task of ledger.all("tasks")) {
    const status = task["status"] as TaskStatus;
    if (!isActive(status) || task["heldBy"] !== undefined) continue;
    if (agents.get(keyOf(task))?.["desired"] !== "running") continue;
    wrong.push(`task ${task._id.slice(-5)} of ${String(task["role"])} is ${status}`);
  }
  for (const command of ledger.all("commands")) {
    if (command["status"] !== "pending" && command["status"] !== "claimed") continue;
    wrong.push(`${String(command["kind"])} of ${String(command["role"])} is ${command["status"]}`);
  }
  return wrong;
}

/**
 * How long after the last fault a wanted agent may be down that waits for no person, in ms: its death is seen (twice the lease,
 * after an outage of the backend), a start under way runs out, the longest backoff passes, the next start joins, and two
 * beats say so.
 */
export function longestRecovery(timing: string): number {
  const known = timingProfile(timing);
  return (
    2 * known.HEARTBEAT_TTL_MS +
    known.RESTART_DEADLINE_MS +
    known.BACKOFF_MAX_MS +
    known.STARTUP_DEADLINE_MS +
    2 * known.HEARTBEAT_INTERVAL_MS
  );
}

/** Wanted agents that are down and wait for no person: neither given up nor `displaced` from their seat. */
export function down(ledger: Ledger, displaced: ReadonlySet<string>): string[] {
  const seats = new Map([...ledger.all("participants")].map((seat) => [keyOf(seat), seat]));
  return [...ledger.all("agents")].flatMap((agent) => {
    const key = keyOf(agent);
    const status = (seats.get(key)?.["agentStatus"] ?? "offline") as AgentStatus;
    const wanted = agent["desired"] === "running" && agent["type"] === "remote";
    const waits = status === "dead_failed_revive" || displaced.has(key);
    return wanted && !waits && !isLive(status) ? [`${String(agent["role"])} is ${status}`] : [];
  });
}

function keyOf(document: Document): string {
  return `${String(document["roomId"])} ${String(document["role"])}`;
}
