import type { Ledger, Rule, Written } from "./ledger.ts";

/** Writes what happens to agents and tasks into the trace, so that a violation can be read. */
export function diary(ledger: Ledger): Rule {
  const { world } = ledger;
  return {
    onCommit(written) {
      for (const { table, before, after } of written) {
        const line = after === null ? null : lineOf({ table, before, after });
        if (line === null) continue;
        const room = ledger.get("rooms", after?.["roomId"]);
        world.note(room === undefined ? "town" : String(room["name"]), line);
      }
    },
  };
}

function lineOf({ table, before, after }: Written): string | null {
  if (after === null) return null;
  const field = (name: string) => String(after[name]);
  const moved = (name: string) => before?.[name] !== after[name];
  if (table === "participants" && (moved("agentStatus") || moved("epoch"))) {
    return `${field("role")} is ${field("agentStatus")} (epoch ${field("epoch")}) ${field("reason")}`;
  }
  if (table === "tasks" && moved("status")) {
    return `task ${after._id.slice(-5)} of ${field("role")} is ${field("status")} (attempt ${field("attempt")})`;
  }
  if (table === "commands" && moved("status")) {
    return `${field("kind")} ${after._id.slice(-5)} of ${field("role")} is ${field("status")}: ${field("reason")}`;
  }
  if (table === "agents" && moved("desired"))
    return `${field("role")} shall be ${field("desired")}`;
  if (table === "machines" && moved("daemonConnected")) {
    return `${field("name")} is ${after["daemonConnected"] === true ? "connected" : "gone"}`;
  }
  return null;
}
