import { HEARTBEAT_FILE, HEARTBEAT_GREETING } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import type { Due } from "./dueWork.ts";
import { post } from "../rooms/messages.ts";
import * as tasks from "../tasks/tasks.ts";
import * as ticks from "./ticks.ts";
import { wake } from "../machines/wake.ts";

type Woken = {
  readonly tick: Doc<"ticks">;
  readonly schedule: Doc<"schedules">;
  readonly state: Doc<"scheduleStates">;
  readonly room: Doc<"rooms">;
};

/** Queues the tick's task and starts the role's agent, like any other work does. */
export async function wakeRole(
  ctx: MutationCtx,
  { tick, schedule, state, room }: Woken,
  { due, text, fileHash, wakeAt }: Due & { readonly wakeAt: number },
): Promise<void> {
  const now = Date.now();
  const from = { kind: "system", name: schedule.name } as const;
  const words =
    schedule.kind === "prompt" ? (schedule.prompt ?? "") : lookAround(schedule, due, text);
  const message =
    schedule.kind === "prompt"
      ? await post(ctx, room._id, {
          sender: from,
          type: "message",
          text: words,
          target: schedule.role,
        })
      : null;
  const taskId = await tasks.create(ctx, room._id, {
    role: schedule.role,
    text: words,
    from,
    originMessageId: message?._id,
    depth: 0,
    cause: tick._id,
    tickId: tick._id,
    notBefore: wakeAt > now ? wakeAt : undefined,
  });
  if (message !== null) await ctx.db.patch("messages", message._id, { taskId });
  await ticks.wake(ctx, tick, { due, taskId, wakeAt });
  const seen = fileHash === undefined ? {} : { lastFileHash: fileHash };
  await ctx.db.patch("scheduleStates", state._id, { lastWokenAt: now, ...seen });
  await wake(ctx, room, schedule.role, "nobody");
}

function lookAround(
  { name, prompt }: Doc<"schedules">,
  due: readonly string[],
  text: string | null,
): string {
  return [
    `${HEARTBEAT_GREETING} "${name}". Look after what is yours.`,
    `Due: ${due.join("; ")}.`,
    ...(text === null
      ? []
      : [`${HEARTBEAT_FILE} in your working directory says:`, "", text.trim(), ""]),
    ...(prompt === undefined ? [] : [prompt]),
  ].join("\n");
}
