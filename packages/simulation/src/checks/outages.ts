import { timingProfile } from "@muster/core";
import type { Ledger, Rule } from "./ledger.ts";

/** I5: whose lease ran out while the backend was away has one more length of it to be heard. */
export function outages(ledger: Ledger, timing: string): Rule {
  const { world, backend } = ledger;
  const { HEARTBEAT_TTL_MS, HEARTBEAT_INTERVAL_MS } = timingProfile(timing);
  return {
    onCommit(written) {
      const { lastAway } = backend;
      if (lastAway === null || world.now - lastAway.at > HEARTBEAT_TTL_MS / 2) return;
      const silent = { from: lastAway.from, to: lastAway.to - 2 * HEARTBEAT_INTERVAL_MS };
      const expired = new Set(
        written
          .filter(({ table, after }) => table === "participantEvents" && isExpiry(after))
          .map(({ after }) => after?.["participantId"]),
      );
      for (const { table, before } of written) {
        if (table !== "leases" || !expired.has(before?.["participantId"])) continue;
        const until = before?.["readyUntil"] as number;
        if (until < silent.from || until > silent.to) continue;
        world.violate("I5", "a lease ran out while the backend was away, and nobody was asked");
      }
    },
  };
}

function isExpiry(event: Readonly<Record<string, unknown>> | null): boolean {
  return event?.["event"] === "heartbeat_expired" && event["accepted"] === true;
}
