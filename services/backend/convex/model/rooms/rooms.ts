import { roleNameProblem, roomNameProblem, teamSizeProblem } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import type { Right } from "../access/access.ts";
import * as activities from "../turns/activities.ts";
import * as participants from "../seats/participants.ts";
import { refusal, requireValid } from "../refusal.ts";
import type { Participant } from "../seats/seated.ts";
import * as seating from "../seats/seating.ts";
import { RIGHTS } from "../validators.ts";
import type { seatView } from "../validators.ts";

export type NewRoom = {
  readonly name: string;
  readonly team: readonly string[];
  readonly entryRole?: string;
};

/** Opens a room whose owner may do everything in it. */
export async function create(
  ctx: MutationCtx,
  owner: Doc<"users">,
  given: NewRoom,
): Promise<{ roomId: Id<"rooms">; name: string }> {
  const team = [...new Set(given.team)];
  requireValid(roomNameProblem(given.name));
  for (const role of team) requireValid(roleNameProblem(role));
  const [first = ""] = team;
  requireValid(teamSizeProblem(team.length));
  const { name, entryRole = first } = given;
  requireValid(entryProblem(team, entryRole));
  await requireFree(ctx, owner, name);
  const roomId = await ctx.db.insert("rooms", { name, ownerId: owner._id, team, entryRole });
  const member = { roomId, userId: owner._id, roomName: name, rights: [...RIGHTS] };
  await ctx.db.insert("members", member);
  return { roomId, name };
}

function entryProblem(team: readonly string[], entryRole: string): string | null {
  if (team.includes(entryRole)) return null;
  return `Messages cannot go to "${entryRole}", who is not in the team: ${team.join(", ")}.`;
}

async function requireFree(ctx: MutationCtx, owner: Doc<"users">, name: string): Promise<void> {
  const same = await ctx.db
    .query("members")
    .withIndex("by_userId_and_roomName", (q) => q.eq("userId", owner._id).eq("roomName", name))
    .first();
  if (same === null) return;
  const room = await ctx.db.get("rooms", same.roomId);
  if (room?.archivedAt !== undefined)
    throw refusal(
      "conflict",
      `You have a room "${name}" already, and it is archived.`,
      `muster room unarchive ${name}`,
    );
  throw refusal("conflict", `You have a room "${name}" already.`, `muster room show ${name}`);
}

/** The rooms of a person, newest first; those that are archived only when asked for. */
export async function listFor(ctx: QueryCtx, user: Doc<"users">, archived: boolean) {
  const memberships = await ctx.db
    .query("members")
    .withIndex("by_userId_and_roomName", (q) => q.eq("userId", user._id))
    .take(200);
  const rooms = await Promise.all(memberships.map(({ roomId }) => ctx.db.get("rooms", roomId)));
  return rooms
    .filter((room) => room !== null)
    .filter(({ archivedAt }) => archived || archivedAt === undefined)
    .toSorted((a, b) => b._creationTime - a._creationTime)
    .map(({ _id, name, entryRole, team, archivedAt = null, archivedBy = null, _creationTime }) => ({
      _id,
      name,
      entryRole,
      team,
      archivedAt,
      archivedBy,
      createdAt: _creationTime,
    }));
}

/** A room as the caller sees it. */
export function describe(room: Doc<"rooms">, rights: readonly Right[]) {
  const { _id, name, entryRole, team, archivedAt = null, archivedBy = null } = room;
  return { _id, name, entryRole, team, archivedAt, archivedBy, rights: [...rights] };
}

/** Every role of the team in its order, whether somebody sits there or not. */
export async function getTeamReadiness(
  ctx: QueryCtx,
  room: Doc<"rooms">,
): Promise<Infer<typeof seatView>[]> {
  const agents = await seating.inRoom(ctx, room);
  const seats = await participants.inRoom(ctx, room._id);
  const machines = await machinesOf(ctx, agents);
  return await Promise.all(
    room.team.map(async (role) => {
      const agent = agents.get(role) ?? null;
      const machine = machines.get(agent?.machineId) ?? null;
      return await seatIn(ctx, role, { agent, participant: seats.get(role) ?? null, machine });
    }),
  );
}

/** The machines of a room's agents, each looked up once. */
async function machinesOf(
  ctx: QueryCtx,
  agents: ReadonlyMap<string, Doc<"agents">>,
): Promise<ReadonlyMap<Id<"machines"> | undefined, Doc<"machines">>> {
  const ids = new Set([...agents.values()].flatMap(({ machineId }) => machineId ?? []));
  const found = await Promise.all([...ids].map(async (id) => await ctx.db.get("machines", id)));
  return new Map(found.filter((one) => one !== null).map((one) => [one._id, one]));
}

interface Sitting {
  readonly agent: Doc<"agents"> | null;
  readonly participant: Participant | null;
  readonly machine: Doc<"machines"> | null;
}

async function seatIn(
  ctx: QueryCtx,
  role: string,
  { agent, participant, machine }: Sitting,
): Promise<Infer<typeof seatView>> {
  const taskId = participant?.currentTaskId;
  const task = taskId === undefined ? null : await ctx.db.get("tasks", taskId);
  return {
    role,
    agentStatus: participant?.agentStatus ?? "offline",
    since: participant?.since ?? null,
    reason: participant?.reason ?? "nobody sits here",
    starting: participant?.starting ?? false,
    type: agent?.type ?? null,
    desired: agent?.desired ?? null,
    harness: agent?.harness ?? null,
    scripted: agent?.harness === "demo",
    machineId: machine?._id ?? null,
    machineName: machine?.name ?? null,
    machineConnected: machine?.daemonConnected ?? null,
    model: agent?.model ?? null,
    workingDir: agent?.workingDir ?? null,
    epoch: participant?.epoch ?? 0,
    pid: participant?.pid ?? null,
    startedAt: participant?.startedAt ?? null,
    lastExit: participant?.lastExit ?? null,
    activity: participant === null ? null : await activities.current(ctx, participant._id),
    needsYou: participant?.needsYou ?? false,
    stalled: participant?.stalled ?? false,
    parkedUntil: participant?.parkedUntil ?? null,
    currentTaskId: taskId ?? null,
    cancelling: task?.status === "cancelled",
  };
}
