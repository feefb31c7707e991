import { MAX_HEARTBEAT_FILE_BYTES, TEXT_LIMITS, headOf, utf8Length } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { assignedAgent } from "./access.ts";
import type { reportedFile } from "./scheduleValidators.ts";

type Reported = Infer<typeof reportedFile>;
type File = Doc<"heartbeatFiles">;

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
  return true;
}

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
  const schedules = await ctx.db
    .query("schedules")
    .withIndex("by_roomId_and_role", (q) => q.eq("roomId", roomId).eq("role", role))
    .take(64);
  return schedules.some(({ kind }) => kind === "heartbeat");
}
