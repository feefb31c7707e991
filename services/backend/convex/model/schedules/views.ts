import { visibilityOf } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc } from "../../_generated/dataModel.js";
import type { QueryCtx } from "../../_generated/server.js";
import type { Member } from "../access/access.ts";
import { settingsOf } from "../inbox/routing.ts";
import * as scheduleSettings from "./settings.ts";
import * as scheduleStates from "./states.ts";
import * as schedules from "./schedules.ts";
import type { scheduleView, tickView } from "./validators.ts";

const PAGE = 100;

/** The room's settings, what the member sees of its schedules, and the schedules by name. */
export async function list(ctx: QueryCtx, { room, user }: Pick<Member, "room" | "user">) {
  const settings = await scheduleSettings.of(ctx, room._id);
  const own = (await settingsOf(ctx, user._id))?.visibility;
  const shown = visibilityOf(settings.visibility, own);
  // In an archived room nothing ticks, whatever its switch says.
  const on = settings.on && room.archivedAt === undefined;
  const items: Infer<typeof scheduleView>[] = [];
  for (const schedule of await schedules.ofRoom(ctx, room)) {
    const state = await scheduleStates.find(ctx, schedule._id);
    if (state !== null) items.push(await view(ctx, schedule, state, on));
  }
  return { settings: scheduleSettings.view(settings), shown, items };
}

async function view(
  ctx: QueryCtx,
  schedule: Doc<"schedules">,
  state: Doc<"scheduleStates">,
  on: boolean,
): Promise<Infer<typeof scheduleView>> {
  const { _id, name, role, kind, cadence, prompt, target, quietHours, okToken } = schedule;
  const [last] = await ofSchedule(ctx, schedule, 1);
  return {
    _id,
    name,
    role,
    kind,
    cadence,
    prompt: prompt ?? null,
    target,
    quietHours: quietHours ?? null,
    okToken,
    state: schedules.standing(schedule, state, { on }),
    stopped: state.stopped ?? null,
    nextDueAt: state.nextDueAt,
    expectedBy: state.expectedBy,
    lastTickAt: state.lastTickAt,
    lastTick:
      last === undefined
        ? null
        : {
            status: last.status,
            reason: last.reason ?? null,
            outcome: last.outcome ?? null,
            at: last.at,
          },
    failures: state.failures,
    counts: state.counts,
  };
}

/** What a schedule did lately, newest first. */
export async function history(
  ctx: QueryCtx,
  room: Doc<"rooms">,
  { schedule: name, limit = PAGE }: { readonly schedule: string; readonly limit?: number },
): Promise<Infer<typeof tickView>[]> {
  const { schedule } = await schedules.require(ctx, room, name);
  const most = Math.min(Math.max(1, Math.floor(limit)), PAGE);
  return (await ofSchedule(ctx, schedule, most)).map(tickOf);
}

async function ofSchedule(
  ctx: QueryCtx,
  { _id }: Doc<"schedules">,
  most: number,
): Promise<Doc<"ticks">[]> {
  return await ctx.db
    .query("ticks")
    .withIndex("by_scheduleId_and_dueAt", (q) => q.eq("scheduleId", _id))
    .order("desc")
    .take(most);
}

function tickOf(tick: Doc<"ticks">): Infer<typeof tickView> {
  const { _id, dueAt, at, manual, missed, status, due, cost } = tick;
  return {
    _id,
    dueAt,
    at,
    manual,
    missed,
    status,
    due,
    cost,
    reason: tick.reason ?? null,
    detail: tick.detail ?? null,
    taskId: tick.taskId ?? null,
    outcome: tick.outcome ?? null,
    text: tick.text ?? null,
    withheld: tick.withheld ?? null,
    endedAt: tick.endedAt ?? null,
  };
}
