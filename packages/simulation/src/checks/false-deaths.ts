import type { Plan } from "../plan.ts";
import type { Document, Ledger, Rule } from "./ledger.ts";

/**
 * Where nothing is silent for longer than a lease allows, no lease may run out. With the leases of the standard profile a trouble may
 * outlast the patience of a command, and when a person's own program, told so, asks again is up to it: those are left out then.
 */
export function falseDeaths(ledger: Ledger, plan: Plan): Rule {
  if (!plan.isGentle) return {};
  const isOurs = (seat: Document | undefined) => {
    const room = ledger.get("rooms", seat?.["roomId"])?.["name"];
    const agent = plan.agents.find((one) => one.room === room && one.role === seat?.["role"]);
    return agent?.machine !== null || plan.timing === "fast";
  };
  return {
    onCommit(written) {
      for (const { table, before, after } of written) {
        const isNew = table === "participantEvents" && before === null;
        if (!isNew || after?.["accepted"] !== true || after["event"] !== "heartbeat_expired")
          continue;
        const seat = ledger.get("participants", after["participantId"]);
        if (isOurs(seat))
          ledger.world.violate("gentle", `${String(seat?.["role"])} was thought dead`);
      }
    },
  };
}
