import { HEARTBEAT_FILE, readHeartbeatFile } from "@muster/core";
import type { SkipReason } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import * as heartbeatFiles from "./heartbeatFiles.ts";

/** A task that waits this long for its role was not just about to be taken. */
const UNANSWERED_MS = 60_000;
const COUNTED = 50;

export type Due = {
  /** In words, one thing each. */
  readonly due: string[];
  /** What HEARTBEAT.md says, when it was read. */
  readonly text: string | null;
  readonly fileHash?: string;
};
export type NothingDue = { readonly skip: SkipReason; readonly detail?: string };

/** What a heartbeat is for now, found without a model; or why there is nothing to wake anybody for. */
export async function look(
  ctx: MutationCtx,
  schedule: Doc<"schedules">,
  state: Doc<"scheduleStates">,
): Promise<Due | NothingDue> {
  const file = await heartbeatFiles.current(ctx, schedule.roomId, schedule.role);
  const said = file?.text === undefined ? null : readHeartbeatFile(file.text);
  const due = [...inFile(said, state), ...(await waiting(ctx, schedule, state))];
  if (due.length > 0)
    return { due, text: file?.text ?? null, ...(said === null ? {} : { fileHash: said.hash }) };
  if (file === null) return { skip: "missing-file", detail: "its machine has reported none" };
  if (file.state !== "read" || said === null) {
    const detail = file.reason === undefined ? {} : { detail: file.reason };
    return { skip: SKIPS[file.state], ...detail };
  }
  return { skip: said.empty ? "empty-file" : "nothing-due" };
}

const SKIPS = {
  read: "empty-file",
  missing: "missing-file",
  unreadable: "unreadable-file",
  too_large: "huge-file",
} as const satisfies Record<Doc<"heartbeatFiles">["state"], SkipReason>;

function inFile(
  said: ReturnType<typeof readHeartbeatFile> | null,
  { lastFileHash }: Doc<"scheduleStates">,
): string[] {
  if (said === null || said.empty) return [];
  if (said.open > 0) return [`${said.open} open in ${HEARTBEAT_FILE}`];
  return said.hash === lastFileHash ? [] : [`${HEARTBEAT_FILE} has changed`];
}

/** Work of others that the role has left lying, and its work that was given up since it was woken last. */
async function waiting(
  ctx: MutationCtx,
  { roomId, role, _creationTime }: Doc<"schedules">,
  { lastWokenAt }: Doc<"scheduleStates">,
): Promise<string[]> {
  const pending = await ofRole(ctx, roomId, role, "pending");
  const dead = await ofRole(ctx, roomId, role, "dead_letter");
  const until = Date.now() - UNANSWERED_MS;
  const unanswered = pending.filter(
    ({ tickId, heldBy, offered }) =>
      tickId === undefined && heldBy === undefined && offered <= until,
  );
  const failed = dead.filter(({ since }) => since > (lastWokenAt ?? _creationTime));
  return [
    ...(unanswered.length === 0 ? [] : [`${unanswered.length} unanswered`]),
    ...(failed.length === 0 ? [] : [`${failed.length} given up`]),
  ];
}

async function ofRole(
  ctx: MutationCtx,
  roomId: Doc<"tasks">["roomId"],
  role: string,
  status: Doc<"tasks">["status"],
): Promise<Doc<"tasks">[]> {
  return await ctx.db
    .query("tasks")
    .withIndex("by_roomId_and_role_and_status_and_heldBy_and_offered", (q) =>
      q.eq("roomId", roomId).eq("role", role).eq("status", status),
    )
    .order("desc")
    .take(COUNTED);
}
