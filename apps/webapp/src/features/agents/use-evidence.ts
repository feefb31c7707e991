import { useConvex } from "convex/react";
import { useCallback, useEffect, useState } from "react";
import { api } from "#lib/backend.ts";
import type { Evidence, SeatEvent } from "#lib/backend.ts";
import { sentenceOf } from "#lib/refusal.ts";

export type Asked =
  | { readonly step: "asking" }
  | { readonly step: "failed"; readonly problem: string }
  | {
      readonly step: "answered";
      readonly at: number;
      readonly evidence: Evidence;
      readonly events: readonly SeatEvent[];
    };

/** Asks once for what a status rests on. It is not watched, because every heartbeat changes it. */
export function useEvidence(room: string, role: string) {
  const convex = useConvex();
  const [asked, setAsked] = useState<Asked>({ step: "asking" });

  const ask = useCallback(() => {
    void Promise.all([
      convex.query(api.participants.evidence, { room, role }),
      convex.query(api.participants.events, { room, role }),
    ]).then(
      ([evidence, { items }]) =>
        setAsked({ step: "answered", at: Date.now(), evidence, events: items }),
      (error: unknown) => setAsked({ step: "failed", problem: sentenceOf(error) }),
    );
  }, [convex, room, role]);
  useEffect(ask, [ask]);

  return { asked, ask };
}
