import {
  CAP_WINDOW_MS,
  MOST_RUNS_PER_DAY,
  SIGN_IN_FAILURES,
  capProblem,
  isIdle,
  isSignInFailure,
} from "@muster/core";
import type { ScheduleStop, StopReason } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import * as deliveries from "../inbox/deliveries.ts";
import * as notices from "../rooms/notices.ts";
import { lastWord, recipients } from "../inbox/routing.ts";
import type { Settings } from "./settings.ts";
import * as scheduleStates from "./states.ts";
import * as ticks from "./ticks.ts";

type Schedule = Doc<"schedules">;
type State = Doc<"scheduleStates">;

/** Which cap of the room is used up, as the end of a sentence; its people hear of it once. Null while none is. */
export async function capped(
  ctx: MutationCtx,
  schedule: Schedule,
  settings: Settings,
): Promise<string | null> {
  const since = Date.now() - CAP_WINDOW_MS;
  const runs = await ticks.wakesAfter(ctx, schedule.roomId, since, MOST_RUNS_PER_DAY);
  const cost = runs.reduce((sum, run) => sum + run.cost, 0);
  const problem = capProblem(settings, { runs: runs.length, cost });
  if (problem === null) {
    await notices.settle(ctx, schedule, ["capped"]);
    return null;
  }
  const text = `${schedule.name} skips its ticks: ${problem}. It goes on by itself when that has passed.`;
  await notices.raise(ctx, schedule, { kind: "capped", text, action: "configure" });
  return problem;
}

/** Stops a schedule of a room in which nobody has spoken for long. Answers whether it did. */
export async function stoppedIdle(
  ctx: MutationCtx,
  room: Doc<"rooms">,
  schedule: Schedule,
  state: State,
  settings: Settings,
): Promise<boolean> {
  const since = Math.max((await lastWord(ctx, room)).at, state.resumedAt ?? 0);
  if (!isIdle(settings, since, Date.now())) return false;
  const text = `${schedule.name} was stopped: nobody has spoken in the room for ${settings.idleDays} days.`;
  await stop(ctx, schedule, state, "idle-room", text);
  return true;
}

/** A turn of a schedule's task ended: too many that could not sign in stop the schedule. */
export async function noteTurn(
  ctx: MutationCtx,
  schedule: Schedule,
  state: State,
  {
    stopReason,
    error = "",
  }: { readonly stopReason: StopReason; readonly error?: string | undefined },
): Promise<void> {
  const failed = isSignInFailure(error);
  if (!failed && stopReason !== "end_turn") return;
  const signInFailures = failed ? state.signInFailures + 1 : 0;
  if (signInFailures !== state.signInFailures)
    await ctx.db.patch("scheduleStates", state._id, { signInFailures });
  if (signInFailures < SIGN_IN_FAILURES || state.stopped !== undefined) return;
  const text = `${schedule.name} was stopped: ${schedule.role} failed to sign in to its model ${signInFailures} times in a row.`;
  await stop(ctx, schedule, state, "sign-in-failed", text);
}

/** Only a person resumes it. The room's notice has the button; the owner hears of it wherever they are. */
async function stop(
  ctx: MutationCtx,
  schedule: Schedule,
  state: State,
  reason: ScheduleStop,
  text: string,
): Promise<void> {
  await scheduleStates.disarm(ctx, state);
  const stopped = { reason, at: Date.now() };
  await ctx.db.patch("scheduleStates", state._id, { stopped });
  await notices.raise(ctx, schedule, { kind: "stopped", text, action: "resume" });
  const room = await ctx.db.get("rooms", schedule.roomId);
  if (room === null) return;
  const title = `${schedule.name} was stopped`;
  for (const owner of (await recipients(ctx, room, "owner", {})) ?? [])
    await deliveries.create(ctx, owner, { schedule, title, text });
}
