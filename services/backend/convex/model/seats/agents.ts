import { isLive, roleNameProblem, teamSizeProblem } from "@muster/core";
import type { AgentStatus, Desired } from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import * as commands from "../machines/commands.ts";
import * as credentials from "../access/credentials.ts";
import { isWatched } from "../schedules/heartbeatFiles.ts";
import * as participants from "./participants.ts";
import { notFound, refusal, requireFields, requireValid } from "../refusal.ts";
import { find, requireAgentOf } from "./seating.ts";
import { autoRestartOfflineAgent } from "../machines/wake.ts";

type Agent = Doc<"agents">;
type Configuration = {
  readonly role: string;
  readonly type: Agent["type"];
  readonly harness: string;
  readonly machineId?: string;
  readonly model?: string;
  readonly workingDir?: string;
  readonly desired?: Desired;
};
type Answer = { readonly agentStatus: AgentStatus; readonly desired: Desired };

/** Configures a role's agent; a role that the team lacks is added to it. */
export async function add(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  user: Doc<"users">,
  given: Configuration,
): Promise<Id<"agents">> {
  requireValid(roleNameProblem(given.role));
  const { role, type, harness, model, workingDir, desired = "running" } = given;
  requireFields({ harness, model, "working directory": workingDir });
  const machine = type === "remote" ? await machineFor(ctx, user, given.machineId) : undefined;
  const machineId = machine?._id;
  const fields = { type, harness, machineId, model, workingDir, desired };
  const known = await find(ctx, room._id, role);
  if (known !== null) await ctx.db.patch("agents", known._id, fields);
  const agentId =
    known?._id ?? (await ctx.db.insert("agents", { roomId: room._id, role, ...defined(fields) }));
  if (!room.team.includes(role)) {
    requireValid(teamSizeProblem(room.team.length + 1));
    await ctx.db.patch("rooms", room._id, { team: [...room.team, role] });
  }
  const participant = await participants.ensure(ctx, room._id, role);
  await autoRestartOfflineAgent(ctx, await ctx.db.get("agents", agentId), participant, "person");
  return agentId;
}

/** Without the keys whose value is undefined, which an insert does not take. */
function defined<Fields extends object>(fields: Fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]: Exclude<Fields[Key], undefined>;
  };
}

/** The caller's machine by id or name; it need not be named when there is one only. */
export async function machineFor(
  ctx: MutationCtx,
  user: Doc<"users">,
  given: string | undefined,
): Promise<Doc<"machines">> {
  const own = await ctx.db
    .query("machines")
    .withIndex("by_userId_and_name", (q) => q.eq("userId", user._id))
    .take(64);
  const named = own.find(({ _id, name }) => _id === given || name === given);
  if (given !== undefined && named === undefined)
    throw notFound(`machine "${given}"`, "muster machine list");
  const machine = named ?? (own.length === 1 ? own[0] : undefined);
  if (machine !== undefined) return machine;
  throw refusal("invalid", "Say on which machine the agent runs.", "muster machine list");
}

/** A person wants it running. */
export async function start(ctx: MutationCtx, room: Doc<"rooms">, role: string): Promise<Answer> {
  const agent = await requireAgentOf(ctx, room, role);
  await ctx.db.patch("agents", agent._id, { desired: "running" });
  await commands.settle(ctx, agent, "stop-agent", "expired", "a person started it again");
  const participant = await participants.ensure(ctx, room._id, role);
  await autoRestartOfflineAgent(ctx, { ...agent, desired: "running" }, participant, "person");
  return { agentStatus: participant.agentStatus, desired: "running" };
}

/**
 * A person wants it stopped. What runs hears it from its machine or with its next beat; what nobody runs is
 * offline at once.
 */
export async function stop(ctx: MutationCtx, room: Doc<"rooms">, role: string): Promise<Answer> {
  const agent = await requireAgentOf(ctx, room, role);
  await ctx.db.patch("agents", agent._id, { desired: "stopped" });
  await commands.settle(ctx, agent, "start-agent", "expired", "a person stopped it");
  const participant = await participants.ensure(ctx, room._id, role);
  const { agentStatus, parkedUntil } = participant;
  if (isLive(agentStatus) || agentStatus === "restarting")
    await commands.request(ctx, agent, "stop-agent", "person", "a person stopped it");
  const nobodyRuns = agentStatus.startsWith("dead") || parkedUntil !== undefined;
  if (!nobodyRuns) return { agentStatus, desired: "stopped" };
  const event = { type: "leave", stopped: true } as const;
  const left = await participants.apply(ctx, participant, event, { person: true });
  return { agentStatus: left.participant.agentStatus, desired: "stopped" };
}

/** Its machine kills the process, and it is not told why. @throws `illegal_transition` when none runs */
export async function kill(ctx: MutationCtx, room: Doc<"rooms">, role: string): Promise<Answer> {
  const agent = await requireAgentOf(ctx, room, role);
  const participant = await participants.ensure(ctx, room._id, role);
  const { agentStatus } = participant;
  if (agent.type !== "remote" || !isLive(agentStatus))
    throw refusal(
      "illegal_transition",
      `No machine runs ${role} now, so there is nothing to kill.`,
    );
  await commands.request(ctx, agent, "kill-agent", "person", "a person killed it");
  return { agentStatus, desired: agent.desired };
}

/**
 * What a machine is to run. Whether a live agent waits or works makes no difference to it, and so it is not even read:
 * a task costs no run of this.
 */
export async function forMachine(ctx: QueryCtx, machine: Doc<"machines">) {
  const agents = await ctx.db
    .query("agents")
    .withIndex("by_machineId", (q) => q.eq("machineId", machine._id))
    .take(256);
  const ids = [...new Set(agents.map(({ roomId }) => roomId))];
  const rooms = await Promise.all(ids.map(async (id) => await ctx.db.get("rooms", id)));
  const names = new Map(rooms.map((room) => [room?._id, room?.name]));
  return await Promise.all(
    agents.map(async (agent) => await seatOf(ctx, agent, names.get(agent.roomId) ?? "")),
  );
}

async function seatOf(ctx: QueryCtx, agent: Agent, roomName: string) {
  const { roomId, role, desired, harness } = agent;
  const down = await participants.down(ctx, roomId, role);
  return {
    roomId,
    roomName,
    role,
    desired,
    harness,
    model: agent.model ?? null,
    workingDir: agent.workingDir ?? null,
    agentStatus: down?.agentStatus ?? ("live" as const),
    epoch: down?.epoch ?? (await credentials.lastStart(ctx, roomId, role)),
    heartbeat: await isWatched(ctx, roomId, role),
  };
}
