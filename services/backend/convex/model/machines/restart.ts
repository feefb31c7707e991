import { isLive } from "@muster/core";
import type { AgentStatus, Desired } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import * as agents from "../seats/agents.ts";
import * as commands from "./commands.ts";
import * as participants from "../seats/participants.ts";
import { refusal } from "../refusal.ts";
import { requireAgentOf } from "../seats/seating.ts";

/**
 * A person wants it anew: it leaves, and the leave leads to its start (`commands.startAgain`). What is down,
 * or being started already, is just started.
 */
export async function restart(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  role: string,
): Promise<{ agentStatus: AgentStatus; desired: Desired }> {
  const agent = await requireAgentOf(ctx, room, role);
  if (agent.type !== "remote")
    throw refusal(
      "illegal_transition",
      `${role} is run by a person and not by a machine, so only they can restart it.`,
      `muster wait-for-task --room ${room.name} --role ${role}`,
    );
  const { agentStatus } = await participants.ensure(ctx, room._id, role);
  if (!isLive(agentStatus) || agent.desired === "stopped")
    return await agents.start(ctx, room, role);
  await commands.requestRestart(ctx, agent, "person", "a person restarts it");
  return { agentStatus, desired: agent.desired };
}
