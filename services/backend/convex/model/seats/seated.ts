import { derivedStatus } from "@muster/core";
import type { AgentStatus } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";

/** A participant whose status is known: stored, or derived for a row that is older than its status field. */
export type Participant = Omit<Doc<"participants">, "agentStatus"> & {
  agentStatus: AgentStatus;
};

/** The row with its status. What was never stored follows from who holds the seat; no lease is read for it. */
export function seated(row: Doc<"participants">): Participant {
  const { holderId, currentTaskId, agentStatus } = row;
  const hasLease = holderId !== undefined;
  const holdsStartedTask = currentTaskId !== undefined;
  return {
    ...row,
    agentStatus: agentStatus ?? derivedStatus({ hasLease, holdsStartedTask }),
  };
}
