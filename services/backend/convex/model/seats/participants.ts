import {
  MAX_TEAM_SIZE,
  TEXT_LIMITS,
  agentReason,
  agentTransition,
  isLive,
  tailOf,
} from "@muster/core";
import type { AgentEffect, AgentEvent, AgentStatus } from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import * as activities from "../turns/activities.ts";
import * as credentials from "../access/credentials.ts";
import * as history from "../rooms/history.ts";
import * as leases from "./leases.ts";
import { voidOfEpoch } from "../questions/questions.ts";
import { watchQueue } from "../tasks/queue.ts";
import { seated } from "./seated.ts";
import type { Participant } from "./seated.ts";
import { returnTask } from "../tasks/tasks.ts";
import { lose } from "../turns/ends.ts";

type Patch = {
  [Field in keyof Participant]?:
    | Participant[Field]
    | (undefined extends Participant[Field] ? undefined : never);
};

/** What an event brings with it beside its facts. */
export type Given = {
  readonly holderId?: string;
  readonly pid?: number | undefined;
  /** Who says so, for the evidence; a machine's name or the role itself. */
  readonly by?: string;
  /** A person asked for it, not the process or its machine. */
  readonly person?: true;
  /** Said by the reporter; else core's words for the event. */
  readonly reason?: string;
  /** The machine's credential, of which a started agent's is a child. */
  readonly parent?: Doc<"credentials">;
};

export type AgentOutcome = {
  readonly accepted: boolean;
  readonly participant: Participant;
  /** The started process's credential: shown this once. */
  readonly agentSecret: string | undefined;
};

/**
 * The only writer of `agentStatus`: asks the lifecycle and carries out what it says, in its order, in this
 * mutation. A refused event is recorded and changes nothing.
 */
export async function apply(
  ctx: MutationCtx,
  participant: Participant,
  event: AgentEvent,
  given: Given = {},
): Promise<AgentOutcome> {
  const next = agentTransition(participant.agentStatus, event);
  const reason = given.reason ?? agentReason(event);
  const patch: Patch = {};
  let agentSecret: string | undefined;
  if (!next.refused) {
    patch.agentStatus = next.status;
    if (next.status !== participant.agentStatus)
      Object.assign(patch, { since: Date.now(), reason });
    for (const effect of next.effects)
      agentSecret = (await carryOut(ctx, participant, patch, effect, given)) ?? agentSecret;
    await ctx.db.patch("participants", participant._id, patch);
  }
  if (isLive(next.status) !== isLive(participant.agentStatus)) await watchQueue(ctx, participant);
  const after = await stored(ctx, participant._id);
  // A holder that joins anew for every wait, or a release without a task, is nothing to remember.
  const moved = next.status !== participant.agentStatus || after.epoch !== participant.epoch;
  if (next.refused || moved)
    await history.record(ctx, participant._id, {
      event: event.type,
      from: participant.agentStatus,
      to: next.status,
      accepted: !next.refused,
      reason,
      epoch: after.epoch,
      reporter: reporterOf(event, given),
    });
  return { accepted: !next.refused, participant: after, agentSecret };
}

/** Who reports it, for the evidence. */
function reporterOf({ type }: AgentEvent, { by, person }: Given): string {
  if (by !== undefined) return `the daemon of ${by}`;
  if (person === true) return "a person";
  return REPORTERS[type] ?? "its own process";
}

const REPORTERS: Partial<Record<AgentEvent["type"], string>> = {
  heartbeat_expired: "the deadline worker",
  gap_expired: "the deadline worker",
  restart_expired: "the deadline worker",
  cleanup: "the clean-up",
  task_started: "its task",
  task_released: "its task",
};

// The switch is exhaustive, so that a new effect does not compile before it is carried out.
async function carryOut(
  ctx: MutationCtx,
  participant: Participant,
  patch: Patch,
  effect: AgentEffect,
  given: Given,
): Promise<string | undefined> {
  const epoch = patch.epoch ?? participant.epoch;
  const by = given.by ?? participant.role;
  switch (effect.type) {
    case "returnTask":
      await returnTask(ctx, participant, effect.cause);
      break;
    case "voidQuestions":
      await lose(ctx, participant);
      await voidOfEpoch(ctx, participant);
      break;
    case "bumpEpoch":
      patch.epoch = participant.epoch + 1;
      await credentials.supersede(ctx, participant);
      break;
    case "setHolder":
      displace(participant, patch, given.holderId);
      patch.holderId = given.holderId;
      patch.pid = given.pid;
      if (given.holderId !== participant.holderId) patch.startedAt = Date.now();
      patch.starting = false;
      break;
    case "clearHolder":
      displace(participant, patch, undefined);
      patch.holderId = undefined;
      patch.pid = undefined;
      break;
    case "issueCredential":
      return await mintFor(ctx, participant, epoch, given);
    case "grantLease":
      patch.parkedUntil = undefined;
      await leases.grant(ctx, participant, epoch, "attended", by);
      break;
    case "armRestartDeadline":
      patch.parkedUntil = undefined;
      await leases.grant(ctx, participant, epoch, "starting", by);
      break;
    case "dropLease":
      patch.parkedUntil = undefined;
      await leases.drop(ctx, participant);
      break;
    case "markStarting":
      patch.starting = effect.starting;
      break;
    case "clearActivity":
      patch.stalled = false;
      await activities.show(ctx, participant._id, null);
      break;
    case "recordExit":
      patch.lastExit = exitOf(effect);
      break;
  }
  return undefined;
}

type Exit = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly tail?: string;
};

function exitOf({ code, signal, tail = "" }: Exit): NonNullable<Participant["lastExit"]> {
  return { code, signal, tail: tailOf(tail, TEXT_LIMITS.tail), at: Date.now() };
}

/**
 * An exit that is reported when the lease has made the agent `dead` already changes no status, but it says what
 * happened: code, signal and last words are kept, of the first such report only.
 */
export async function noteLateExit(
  ctx: MutationCtx,
  participant: Participant,
  exit: Exit,
): Promise<void> {
  const { agentStatus, lastExit, startedAt = 0 } = participant;
  const known = lastExit !== undefined && lastExit.at >= startedAt;
  if (agentStatus !== "dead" || known) return;
  await ctx.db.patch("participants", participant._id, { lastExit: exitOf(exit) });
}

/** Remembers who loses the seat, so that this holder cannot take it back without saying so. */
function displace(participant: Participant, patch: Patch, next: string | undefined): void {
  if (participant.holderId !== undefined && participant.holderId !== next)
    patch.displaced = { holderId: participant.holderId, at: Date.now() };
}

async function mintFor(
  ctx: MutationCtx,
  participant: Participant,
  epoch: number,
  given: Given,
): Promise<string> {
  if (given.parent === undefined) throw new Error("A start without the machine that makes it.");
  const { roomId, role } = participant;
  await credentials.forgetOldStarts(ctx, roomId, role, epoch);
  return await credentials.mint(ctx, {
    kind: "agent",
    userId: given.parent.userId,
    label: `${role}, start ${epoch}`,
    roomId,
    role,
    epoch,
    parentId: given.parent._id,
  });
}

/** The role's participant; null when nobody ever sat there and no agent was added. */
export async function find(
  ctx: QueryCtx | MutationCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<Participant | null> {
  const row = await ctx.db
    .query("participants")
    .withIndex("by_roomId_and_role_and_epoch", (q) => q.eq("roomId", roomId).eq("role", role))
    .unique();
  return row === null ? null : seated(row);
}

/** The participants of a room, by role: one read for all of them. */
export async function inRoom(
  ctx: QueryCtx | MutationCtx,
  roomId: Id<"rooms">,
): Promise<ReadonlyMap<string, Participant>> {
  const rows = await ctx.db
    .query("participants")
    .withIndex("by_roomId_and_role_and_epoch", (q) => q.eq("roomId", roomId))
    .take(MAX_TEAM_SIZE);
  return new Map(rows.map((row) => [row.role, seated(row)]));
}

/** The role's participant if its epoch is a later one. Whoever watches this hears of a newer epoch and of nothing before. */
export async function later(
  ctx: QueryCtx,
  roomId: Id<"rooms">,
  role: string,
  epoch: number,
): Promise<Participant | null> {
  const row = await ctx.db
    .query("participants")
    .withIndex("by_roomId_and_role_and_epoch", (q) =>
      q.eq("roomId", roomId).eq("role", role).gt("epoch", epoch),
    )
    .unique();
  return row === null ? null : seated(row);
}

/**
 * The role's participant unless it is live. Whoever watches this hears of every end and every start and not of the work
 * between: the live statuses, and they alone, lie outside of what is read.
 */
export async function down(
  ctx: QueryCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<Participant | null> {
  const before = () =>
    ctx.db.query("participants").withIndex("by_roomId_and_role_and_agentStatus", (q) =>
      // Rows without a status come before all others.
      q.eq("roomId", roomId).eq("role", role).lt("agentStatus", "ready"),
    );
  const between = () =>
    ctx.db
      .query("participants")
      .withIndex("by_roomId_and_role_and_agentStatus", (q) =>
        q
          .eq("roomId", roomId)
          .eq("role", role)
          .gt("agentStatus", "ready")
          .lt("agentStatus", "working"),
      );
  const row = (await before().unique()) ?? (await between().unique());
  if (row === null) return null;
  const participant = seated(row);
  return isLive(participant.agentStatus) ? null : participant;
}

/** The role's participant, made `offline` when there is none. */
export async function ensure(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<Participant> {
  const known = await find(ctx, roomId, role);
  if (known !== null) return known;
  const id = await ctx.db.insert("participants", {
    roomId,
    role,
    agentStatus: FIRST_STATUS,
    since: Date.now(),
    reason: "never joined",
    epoch: 0,
    needsYou: false,
    stalled: false,
    starting: false,
  });
  return await stored(ctx, id);
}

const FIRST_STATUS: AgentStatus = "offline";

async function stored(ctx: MutationCtx, id: Id<"participants">): Promise<Participant> {
  const participant = await ctx.db.get("participants", id);
  if (participant === null) throw new Error("A participant is missing that was just there.");
  return seated(participant);
}
