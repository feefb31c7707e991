import { isActive, isLive } from "@muster/core";
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

function keyOf(document: Document): string {
  return `${String(document["roomId"])} ${String(document["role"])}`;
}
