import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import * as commands from "../machines/commands.ts";
import * as credentials from "../access/credentials.ts";
import * as participants from "./participants.ts";
import { requireAgentOf } from "./seating.ts";

/**
 * Nobody fills the role any more: the agent leaves, its open task goes back to the queue, and whoever speaks for
 * the role speaks for it no longer. Its machine ends the process, because it is not wanted there. The role, its
 * tasks and its history stay. A custom agent comes back when a person sits down there again.
 */
export async function remove(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  role: string,
): Promise<Record<string, never>> {
  const agent = await requireAgentOf(ctx, room, role);
  const participant = await participants.ensure(ctx, room._id, role);
  for (const kind of ["start-agent", "stop-agent", "kill-agent"] as const)
    await commands.settle(ctx, agent, kind, "expired", "the agent was removed");
  const given = { reason: "its agent was removed", person: true } as const;
  await participants.apply(ctx, participant, { type: "leave", stopped: true }, given);
  await credentials.revokeOfRole(ctx, room._id, role);
  await ctx.db.delete("agents", agent._id);
  return {};
}
