import type { Ledger, Rule } from "./ledger.ts";

/** Where nothing is silent for longer than a lease allows, no lease may run out. */
export function falseDeaths(ledger: Ledger, isGentle: boolean): Rule {
  if (!isGentle) return {};
  return {
    onCommit(written) {
      for (const { table, before, after } of written) {
        const isNew = table === "participantEvents" && before === null;
        if (!isNew || after?.["accepted"] !== true || after["event"] !== "heartbeat_expired")
          continue;
        const seat = ledger.get("participants", after["participantId"]);
        ledger.world.violate("gentle", `${String(seat?.["role"])} was thought dead`);
      }
    },
  };
}
