import { leaseLength, timingProfile } from "@muster/core";
import type { LeasePhase } from "@muster/core";
import type { Document, Ledger, Rule, Written } from "./ledger.ts";

type Holder = { readonly epoch: number; readonly holderId: string };
type Beaten = Holder & { readonly room: string; readonly role: string };

/** How much later a commit is told of than its function looked at the clock. */
const TOLD_MS = 10;

/** How long a beat's answer may be on its way within the backend. */
const ANSWER_MS = 1_000;
const REPORTS = new Set(["process_exited", "leave"]);

/**
 * I5: a lease is renewed by its holder only and never shortened, and a report about an older process changes nothing. I6: who comes
 * back as the same holder keeps its epoch. `stopped`: what people have stopped is not started.
 */
export function seats(ledger: Ledger, timing: string): Rule {
  const { world } = ledger;
  const known = timingProfile(timing);
  const movedAt = new Map<string, number>();
  const seatIds = new Map<string, string>();
  return {
    onCommit(written) {
      for (const one of written) {
        if (one.table === "participants") checkHolder(one);
        if (one.table === "leases") checkLease(one, written);
        if (one.table === "participantEvents") checkWanted(one.after, written);
      }
    },
    onAnswer({ path, args, value }) {
      if (path === "participants:heartbeat") {
        checkBeat(args as never, (value as { answer: string }).answer);
      }
      if (path === "machines:daemonHeartbeat") {
        const { agents } = value as { agents: readonly { answer: string }[] };
        for (const [at, one] of (args["agents"] as readonly Beaten[]).entries())
          checkBeat(one, agents[at]?.answer);
      }
      if (path === "participants:updateAgentStatus") checkReport(args, value as never);
    },
  };

  function checkHolder({ before, after }: Written): void {
    if (after !== null) seatIds.set(`${String(after["roomId"])} ${name(after)}`, after._id);
    if (before === null || after === null) return;
    const moved = ["epoch", "holderId"].some((field) => before[field] !== after[field]);
    if (moved) movedAt.set(after._id, world.now);
    const isSame = after["holderId"] !== undefined && before["holderId"] === after["holderId"];
    if (isSame && after["epoch"] === (before["epoch"] as number) + 1) {
      world.violate("I6", `${name(after)} came back as the same holder and got a new epoch`);
    }
  }

  /**
   * A join begins a lease anew; a beat, which writes nothing but the lease, only moves its end forward. One that was renewed by a
   * clock that has been set back since has its whole length from now.
   */
  function checkLease({ before, after }: Written, written: readonly Written[]): void {
    const [was, is] = [before?.["readyUntil"], after?.["readyUntil"]];
    if (typeof was !== "number" || typeof is !== "number" || is >= was) return;
    if (before?.["phase"] !== after?.["phase"] || before?.["epoch"] !== after?.["epoch"]) return;
    if (after?.["participantId"] === undefined) return;
    const whole = ledger.now + leaseLength(after["phase"] as LeasePhase, known);
    const isWhole = ledger.isCatchingUp || is >= whole - TOLD_MS;
    if (ledger.backend.setBack > 0 && isWhole) return;
    if (written.some(({ after: other }) => other?._id === after["participantId"])) return;
    world.violate("I5", `a beat moved the end of a lease back by ${was - is} ms`);
  }

  function checkWanted(event: Document | null, written: readonly Written[]): void {
    if (event?.["event"] !== "restart_initiated" || event["accepted"] !== true) return;
    const seat = ledger.get("participants", event["participantId"]);
    const agent = [...ledger.all("agents")].find(
      ({ roomId, role }) =>
        seat !== undefined && roomId === seat["roomId"] && role === seat["role"],
    );
    if (agent?.["desired"] !== "stopped") return;
    if (written.some(({ after }) => after?._id === agent._id)) return;
    world.violate("stopped", `${name(agent)} was started although people had stopped it`);
  }

  function checkBeat({ room, role, epoch, holderId }: Beaten, answer: string | undefined): void {
    if (answer !== "ok" && answer !== "stop") return;
    const seat = ledger.get("participants", seatIds.get(`${room} ${role}`));
    if (seat === undefined || world.now - (movedAt.get(seat._id) ?? 0) < ANSWER_MS) return;
    if (seat["epoch"] === epoch && seat["holderId"] === holderId) return;
    world.violate("I5", `${role} was kept alive by a holder of epoch ${epoch} that lost its seat`);
  }

  function checkReport(args: Readonly<Record<string, unknown>>, value: Reported): void {
    const { type } = args["event"] as { type: string };
    if (!value.accepted || !REPORTS.has(type) || value.epoch === args["epoch"]) return;
    world.violate(
      "I5",
      `a report (${type}) of epoch ${String(args["epoch"])} changed epoch ${value.epoch} of ${String(args["role"])}`,
    );
  }
}

interface Reported {
  readonly accepted: boolean;
  readonly epoch: number;
}

function name(document: Document): string {
  return String(document["role"]);
}
