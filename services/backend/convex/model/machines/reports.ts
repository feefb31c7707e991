import { MAX_FAILED_STARTS } from "@muster/core";
import type { AgentEvent } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import type { SeatOperator } from "../access/access.ts";
import * as commands from "./commands.ts";
import * as history from "../rooms/history.ts";
import { apply, ensure, noteLateExit } from "../seats/participants.ts";
import type { statusAnswer, statusReport } from "../validators.ts";
import type { Participant } from "../seats/seated.ts";

type Report = Infer<typeof statusReport>;

/**
 * A machine's report about a seat. One of another epoch is late: it is recorded, answered, and changes
 * nothing, because the seat belongs to a newer process by now.
 */
export async function updateAgentStatus(
  ctx: MutationCtx,
  caller: SeatOperator,
  report: { readonly epoch: number; readonly event: Report },
): Promise<Infer<typeof statusAnswer>> {
  const { epoch, event } = report;
  const participant = await ensure(ctx, caller.room._id, caller.agent.role);
  if (epoch !== participant.epoch) return await refuseLate(ctx, caller, participant, report);
  const asked = await commands.openStart(ctx, caller.agent);
  const outcome = await apply(ctx, participant, eventOf(event, caller.agent, asked), {
    by: caller.machine.name,
    parent: caller.credential,
    ...("reason" in event ? { reason: event.reason } : {}),
  });
  const { agentStatus } = outcome.participant;
  if (event.type === "process_exited" && !outcome.accepted)
    await noteLateExit(ctx, outcome.participant, event);
  // What was still to be stopped is gone: a restart whose first half came to nothing has its second half.
  if (event.type === "restart_initiated" && outcome.accepted)
    await commands.settle(ctx, caller.agent, "stop-agent", "done", "it is started anew");
  if (agentStatus === "offline") await commands.startAgain(ctx, caller.agent);
  return {
    accepted: outcome.accepted,
    agentStatus,
    epoch: outcome.participant.epoch,
    ...(outcome.agentSecret === undefined ? {} : { agentSecret: outcome.agentSecret }),
  };
}

// The switch is exhaustive, so that a new report does not compile without its event.
// oxlint-disable-next-line typescript/consistent-return
function eventOf(report: Report, agent: Doc<"agents">, start: Doc<"commands"> | null): AgentEvent {
  const stopped = agent.desired === "stopped";
  switch (report.type) {
    case "restart_initiated":
      return {
        type: "restart_initiated",
        desired: agent.desired,
        askedByPerson: start?.asked === "person",
      };
    case "restart_exhausted":
      return { type: "restart_exhausted", starts: MAX_FAILED_STARTS };
    case "leave":
      return { type: "leave", stopped };
    case "process_exited": {
      const { asked, code, signal, tail } = report;
      // A process that was told to end has left; only one that ended by itself has died.
      if (asked) return { type: "leave", stopped };
      return { type: "process_exited", asked, currentEpoch: true, code, signal, tail };
    }
  }
}

async function refuseLate(
  ctx: MutationCtx,
  { machine }: SeatOperator,
  participant: Participant,
  { event, epoch }: { readonly event: Report; readonly epoch: number },
): Promise<Infer<typeof statusAnswer>> {
  const { agentStatus } = participant;
  await history.record(ctx, participant._id, {
    event: event.type,
    from: agentStatus,
    to: agentStatus,
    accepted: false,
    reason: `of epoch ${epoch}, but the seat is at ${participant.epoch}`,
    epoch,
    reporter: `the daemon of ${machine.name}`,
  });
  return { accepted: false, agentStatus, epoch: participant.epoch };
}
