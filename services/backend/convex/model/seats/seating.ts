import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { notFound } from "../refusal.ts";

/** The role's agent; null when nobody configured one. */
export async function find(
  ctx: QueryCtx | MutationCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<Doc<"agents"> | null> {
  return await ctx.db
    .query("agents")
    .withIndex("by_roomId_and_role", (q) => q.eq("roomId", roomId).eq("role", role))
    .unique();
}

/** The agents of a room, by role: one read for all of them. */
export async function inRoom(
  ctx: QueryCtx,
  { _id: roomId, team }: Doc<"rooms">,
): Promise<ReadonlyMap<string, Doc<"agents">>> {
  const agents = await ctx.db
    .query("agents")
    .withIndex("by_roomId_and_role", (q) => q.eq("roomId", roomId))
    .take(team.length);
  return new Map(agents.map((agent) => [agent.role, agent]));
}

/** @throws `not_found` for a role without an agent */
export async function requireAgentOf(
  ctx: QueryCtx | MutationCtx,
  room: Doc<"rooms">,
  role: string,
): Promise<Doc<"agents">> {
  const agent = await find(ctx, room._id, role);
  if (agent === null)
    throw notFound(
      `agent in the role "${role}"`,
      `muster agent add --room ${room.name} --role ${role} --harness …`,
    );
  return agent;
}

/** Whoever sits down in a role without an agent runs it by themselves: a custom agent. */
export async function ensureCustom(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  role: string,
): Promise<Doc<"agents">> {
  const known = await find(ctx, room._id, role);
  if (known !== null) return known;
  const id = await ctx.db.insert("agents", {
    roomId: room._id,
    role,
    type: "custom",
    harness: "custom",
    desired: "running",
  });
  const agent = await ctx.db.get("agents", id);
  if (agent === null) throw new Error("An agent that was just added is missing.");
  return agent;
}
