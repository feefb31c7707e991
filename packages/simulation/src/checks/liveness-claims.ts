import { timingProfile } from "@muster/core";
import type { Ledger, Rule } from "./ledger.ts";

/** I5: nobody is called dead who was heard within the lease, or whose process lives on. I3: every deadline is watched. */
export function claims(ledger: Ledger, timing: string): Rule {
  const { world } = ledger;
  const { HEARTBEAT_TTL_MS } = timingProfile(timing);
  const leases = new Map<string, { renewedAt: number; phase: string; readyUntil: number | null }>();
  return {
    onCommit(written) {
      for (const { table, before, after } of written) {
        if (table === "participantEvents" && before === null && after?.["accepted"] === true) {
          if (after["event"] !== "heartbeat_expired") continue;
          const lease = leases.get(after["participantId"] as string);
          const heard = lease?.phase === "attended" ? ledger.now - lease.renewedAt : Infinity;
          if (heard < HEARTBEAT_TTL_MS) {
            world.violate("I5", `a lease ran out ${heard} ms after it was renewed`);
          }
        }
      }
      for (const { table, after } of written) {
        if (table === "leases" && after?.["participantId"] !== undefined) {
          leases.set(after["participantId"] as string, after as never);
        }
      }
      checkWatched(
        ledger,
        written.map(({ table, after }) => ({ table, after })),
      );
    },
  };
}

const DEADLINES: Readonly<Record<string, readonly string[]>> = {
  leases: ["readyUntil"],
  tasks: ["dueAt", "notBefore"],
  commands: ["deadline"],
  approvals: ["deadline"],
};

function checkWatched(
  ledger: Ledger,
  written: readonly { table: string; after: Readonly<Record<string, unknown>> | null }[],
): void {
  const [worker] = ledger.all("deadlineWorker");
  const armedFor = (worker?.["armedFor"] ?? Infinity) as number;
  for (const { table, after } of written)
    for (const field of DEADLINES[table] ?? []) {
      const at = after?.[field];
      if (typeof at === "number" && at + ledger.backend.setBack < armedFor) {
        ledger.world.violate("I3", `nobody watches ${field} of ${table}: ${at} before ${armedFor}`);
      }
    }
}
