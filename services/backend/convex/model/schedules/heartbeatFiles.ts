import { MAX_HEARTBEAT_FILE_BYTES, TEXT_LIMITS, headOf, utf8Length } from "@muster/core";
import type { WithoutSystemFields } from "convex/server";
import type { Infer } from "convex/values";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { assignedAgent } from "../access/access.ts";
import * as seating from "../seats/seating.ts";
import * as scheduleStates from "./states.ts";
import type { reportedFile } from "./validators.ts";

type Reported = Infer<typeof reportedFile>;
type File = Doc<"heartbeatFiles">;
/** How long the first tick of a heartbeat waits for the first word of its machine, which has just been asked for it. */
const AWAITED_MS = 5_000;

/** What the role's machine reported last; null while it has reported nothing. */
export async function find(
  ctx: QueryCtx | MutationCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<File | null> {
  return await ctx.db
    .query("heartbeatFiles")
    .withIndex("by_roomId_and_role", (q) => q.eq("roomId", roomId).eq("role", role))
    .unique();
}

/** … if it is the machine that runs the role now. */
export async function current(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<File | null> {
  const file = await find(ctx, roomId, role);
  const agent = await seating.find(ctx, roomId, role);
  return file !== null && file.machineId === agent?.machineId ? file : null;
}

/** Keeps what a machine found in an agent's directory. False for an older daemon, or an agent of another machine. */
export async function report(
  ctx: MutationCtx,
  machine: Doc<"machines">,
  given: {
    readonly epoch: number;
    readonly room: string;
    readonly role: string;
    readonly file: Reported;
  },
): Promise<boolean> {
  const agent = await assignedAgent(ctx, machine, given.room, given.role);
  if (agent === null || given.epoch !== machine.epoch) return false;
  const { roomId, role } = agent;
  const row = { roomId, role, machineId: machine._id, at: Date.now(), ...kept(given.file) };
  const known = await find(ctx, roomId, role);
  if (known === null) await ctx.db.insert("heartbeatFiles", row);
  else await ctx.db.replace("heartbeatFiles", known._id, row);
  if (known?.machineId !== machine._id) await begin(ctx, row);
  return true;
}

/**
 * A machine's first word about a file: a heartbeat by interval that waits for it ticks now, and so does one that had
 * to tick without it, if there is something to look after.
 */
async function begin(
  ctx: MutationCtx,
  { roomId, role, state: found }: WithoutSystemFields<File>,
): Promise<void> {
  for (const schedule of await ofRole(ctx, roomId, role)) {
    const state = await scheduleStates.find(ctx, schedule._id);
    if (state === null || state.nextDueAt === null || !byInterval(schedule)) continue;
    const { ticks, skips } = state.counts;
    const inVain = found === "read" && skips["missing-file"] === ticks;
    if (state.lastTickAt === null || inVain)
      await scheduleStates.armAt(ctx, schedule, state, Date.now());
  }
}

/** Until when the first tick waits for what the role's machine has not told yet; null when nothing is to be waited for. */
export async function awaited(
  ctx: MutationCtx,
  schedule: Doc<"schedules">,
  { lastTickAt }: Doc<"scheduleStates">,
): Promise<number | null> {
  if (lastTickAt !== null || !byInterval(schedule)) return null;
  const agent = await seating.find(ctx, schedule.roomId, schedule.role);
  const machine =
    agent?.machineId === undefined ? null : await ctx.db.get("machines", agent.machineId);
  const told = (await current(ctx, schedule.roomId, schedule.role)) !== null;
  return machine?.daemonConnected === true && !told ? Date.now() + AWAITED_MS : null;
}

const byInterval = ({ kind, cadence }: Doc<"schedules">) =>
  kind === "heartbeat" && cadence.type === "interval";

/** A text over the limit is not kept, whoever should have counted before. */
function kept(file: Reported): Pick<File, "state" | "text" | "reason"> {
  if (file.state === "missing") return { state: "missing" };
  if (file.state === "unreadable")
    return { state: "unreadable", reason: headOf(file.reason, TEXT_LIMITS.detail) };
  if (file.state === "too_large") return tooLarge(file.bytes);
  const bytes = utf8Length(file.text);
  return bytes > MAX_HEARTBEAT_FILE_BYTES ? tooLarge(bytes) : { state: "read", text: file.text };
}

const tooLarge = (bytes: number) => ({
  state: "too_large" as const,
  reason: `HEARTBEAT.md has ${bytes} bytes, but at most ${MAX_HEARTBEAT_FILE_BYTES} are read.`,
});

/** Whether a role has a heartbeat, so that its machine has to look at the file. Reads nothing that a tick writes. */
export async function isWatched(
  ctx: QueryCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<boolean> {
  return (await ofRole(ctx, roomId, role)).some(({ kind }) => kind === "heartbeat");
}

async function ofRole(
  ctx: QueryCtx | MutationCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<Doc<"schedules">[]> {
  return await ctx.db
    .query("schedules")
    .withIndex("by_roomId_and_role", (q) => q.eq("roomId", roomId).eq("role", role))
    .take(64);
}
