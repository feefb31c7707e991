import { isLive, nextBeatDelay } from "@muster/core";
import type { HeartbeatAnswer } from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import { assignedAgents } from "../access/access.ts";
import { mendAll } from "../deadlines/cleanup.ts";
import type { Seated } from "../access/access.ts";
import * as leases from "./leases.ts";
import * as machines from "../machines/machines.ts";
import * as participants from "./participants.ts";
import { refusal } from "../refusal.ts";
import type { Participant } from "./seated.ts";
import * as seating from "./seating.ts";
import { timing } from "../timing.ts";

const MAX_AGENTS = 256;

type Holder = {
  readonly epoch: number;
  readonly holderId: string;
  /** How long ago it gave its last sign of life, if not just now. */
  readonly silentMs?: number | undefined;
};

/** When a holder has to beat next and how long it is believed without one. */
export function nextBeat(): { nextBeatMs: number; leaseMs: number } {
  const { HEARTBEAT_INTERVAL_MS, HEARTBEAT_TTL_MS } = timing();
  return {
    nextBeatMs: nextBeatDelay(HEARTBEAT_INTERVAL_MS, Math.random()),
    leaseMs: HEARTBEAT_TTL_MS,
  };
}

/** A holder beats for itself. */
export async function heartbeat(ctx: MutationCtx, caller: Seated, holder: Holder) {
  const agent = await seating.find(ctx, caller.room._id, caller.role);
  const seat = await participants.find(ctx, caller.room._id, caller.role);
  return { answer: await answer(ctx, agent, seat, holder, caller.role), ...nextBeat() };
}

/** A daemon beats for itself and, in the same breath, for the agents that it found alive. */
export async function daemonHeartbeat(
  ctx: MutationCtx,
  machine: Doc<"machines">,
  beat: {
    readonly epoch: number;
    readonly agents: readonly ({ readonly room: string; readonly role: string } & Holder)[];
  },
) {
  if (beat.agents.length > MAX_AGENTS)
    throw refusal("too_large", `A machine beats for at most ${MAX_AGENTS} agents.`);
  const superseded = beat.epoch !== machine.epoch;
  if (superseded) return { answer: "superseded" as const, ...machines.nextBeat(), agents: [] };
  if (await machines.renew(ctx, machine)) await mendAll(ctx);
  const agentAt = await assignedAgents(ctx, machine);
  const told = beat.agents.map(({ room, role, ...holder }) => ({
    room,
    role,
    holder,
    agent: agentAt(room, role),
  }));
  const seatOf = await seatsOf(ctx, told);
  const agents: { room: string; role: string; answer: HeartbeatAnswer }[] = [];
  for (const { room, role, holder, agent } of told) {
    const seat = agent === null ? null : await seatOf(agent);
    agents.push({ room, role, answer: await answer(ctx, agent, seat, holder, machine.name) });
  }
  return { answer: "ok" as const, ...machines.nextBeat(), agents };
}

/** From how many agents in one room on all of its seats are read at once: a room has few. */
const TOGETHER = 4;

/** Finds the seats of a beat's agents, as they were before it: what a beat does for one moves no other. */
async function seatsOf(
  ctx: MutationCtx,
  told: readonly { readonly agent: Doc<"agents"> | null }[],
): Promise<(agent: Doc<"agents">) => Promise<Participant | null>> {
  const counts = new Map<Id<"rooms">, number>();
  for (const { agent } of told)
    if (agent !== null) counts.set(agent.roomId, (counts.get(agent.roomId) ?? 0) + 1);
  const rooms = new Map<Id<"rooms">, ReadonlyMap<string, Participant>>();
  for (const [roomId, count] of counts)
    if (count >= TOGETHER) rooms.set(roomId, await participants.inRoom(ctx, roomId));
  return async ({ roomId, role }) =>
    rooms.get(roomId)?.get(role) ?? (await participants.find(ctx, roomId, role));
}

/**
 * What a holder hears. Only the current holder renews the lease; one that was declared dead while it was
 * silent, and one that has not joined yet, must join first.
 */
async function answer(
  ctx: MutationCtx,
  agent: Doc<"agents"> | null,
  participant: Participant | null,
  holder: Holder,
  by: string,
): Promise<HeartbeatAnswer> {
  if (agent === null || participant === null) return "superseded";
  if (participant.epoch !== holder.epoch) return "superseded";
  if (participant.holderId === undefined) return "rejoin_required";
  if (participant.holderId !== holder.holderId) return "superseded";
  if (!isLive(participant.agentStatus))
    return agent.desired === "stopped" ? "stop" : "rejoin_required";
  if (await leases.renew(ctx, participant, by, holder.silentMs)) await mendAll(ctx);
  if (participant.parkedUntil !== undefined)
    await ctx.db.patch("participants", participant._id, { parkedUntil: undefined });
  return agent.desired === "stopped" ? "stop" : "ok";
}
