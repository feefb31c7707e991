import {
  HUMAN_TARGET,
  MAX_OK_TEXT,
  answerOf,
  isDuplicate,
  remember,
  visibilityOf,
} from "@muster/core";
import type { Answer, SkipReason } from "@muster/core";
import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import * as deliveries from "../inbox/deliveries.ts";
import { post } from "../rooms/messages.ts";
import * as notices from "../rooms/notices.ts";
import { recipients } from "../inbox/routing.ts";
import * as scheduleSettings from "./settings.ts";
import * as scheduleStates from "./states.ts";
import * as ticks from "./ticks.ts";
import type { Outcome } from "./ticks.ts";

type Told = { readonly messageId: Id<"messages"> | null; readonly outcome: Outcome };

/** What an agent says of itself: whether people have to know, and what. */
export type Response = { readonly notify: boolean; readonly text: string };

/** An answer in words: the token in it decides. */
export async function answer(ctx: MutationCtx, task: Doc<"tasks">, text: string): Promise<Told> {
  const tick = await ticks.ofTask(ctx, task);
  return await tell(ctx, task, answerOf(text, tick?.okToken));
}

/** An answer by the typed tool. A token in its text is not shown to anybody either. */
export async function respond(
  ctx: MutationCtx,
  task: Doc<"tasks">,
  { notify, text }: Response,
): Promise<Told> {
  const tick = await ticks.ofTask(ctx, task);
  const words = answerOf(text, tick?.okToken).text;
  const quiet = Array.from(words).slice(0, MAX_OK_TEXT).join("");
  return await tell(
    ctx,
    task,
    notify ? { kind: "alert", text: words } : { kind: "ok", text: quiet },
  );
}

/** The agent gave the work on instead of answering. */
export async function handedOff(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  await ticks.end(ctx, await ticks.ofTask(ctx, task), "handed_off");
}

async function tell(ctx: MutationCtx, task: Doc<"tasks">, said: Answer): Promise<Told> {
  const tick = await ticks.ofTask(ctx, task);
  const schedule = await scheduleOf(ctx, task);
  const state = schedule === null ? null : await scheduleStates.find(ctx, schedule._id);
  if (schedule !== null) await notices.settle(ctx, schedule, ["unanswered"]);
  if (state !== null && state.failures > 0)
    await ctx.db.patch("scheduleStates", state._id, { failures: 0 });
  if (said.kind === "ok" || said.text === "") return await tellQuietly(ctx, task, tick, said.text);
  const now = Date.now();
  if (state !== null && isDuplicate(said.text, state.sent, now)) {
    await ticks.end(ctx, tick, "duplicate", { text: said.text, withheld: "duplicate" });
    return { messageId: null, outcome: "duplicate" };
  }
  const settings = await scheduleSettings.of(ctx, task.roomId);
  const shown = visibilityOf(settings.visibility).showAlerts;
  const messageId = shown ? await postAnswer(ctx, task, "message", said.text) : null;
  const withheld =
    schedule === null ? null : await send(ctx, schedule, said.text, messageId, shown);
  // What nobody was told is news still when it is found again.
  if (state !== null && (shown || withheld === null))
    await ctx.db.patch("scheduleStates", state._id, { sent: remember(said.text, state.sent, now) });
  const why = withheld === null ? {} : { withheld };
  await ticks.end(ctx, tick, "alert", { text: said.text, ...why });
  return { messageId, outcome: "alert" };
}

/** Nothing needs a person: at most one quiet line in the room, and nothing leaves it. */
async function tellQuietly(
  ctx: MutationCtx,
  task: Doc<"tasks">,
  tick: Doc<"ticks"> | null,
  text: string,
): Promise<Told> {
  const settings = await scheduleSettings.of(ctx, task.roomId);
  const shown = text !== "" && visibilityOf(settings.visibility).showOk;
  const messageId = shown ? await postAnswer(ctx, task, "summary", text) : null;
  await ticks.end(ctx, tick, "ok", text === "" ? {} : { text });
  return { messageId, outcome: "ok" };
}

async function postAnswer(
  ctx: MutationCtx,
  { roomId, role, _id: taskId }: Doc<"tasks">,
  type: "message" | "summary",
  text: string,
): Promise<Id<"messages">> {
  const sender = { kind: "agent", name: role } as const;
  const how = type === "message" ? { target: HUMAN_TARGET } : { quiet: true };
  return (await post(ctx, roomId, { sender, type, text, taskId, ...how }))._id;
}

/** Puts the news into the outbox for everybody whom the target names. Answers why it went to nobody, if so. */
async function send(
  ctx: MutationCtx,
  schedule: Doc<"schedules">,
  text: string,
  messageId: Id<"messages"> | null,
  shown: boolean,
): Promise<SkipReason | null> {
  const room = await ctx.db.get("rooms", schedule.roomId);
  const settings = await scheduleSettings.of(ctx, schedule.roomId);
  const all =
    room === null ? [] : await recipients(ctx, room, schedule.target, settings.visibility);
  if (all === null) return shown ? null : "nothing-shown";
  if (all.length === 0) return "no-target";
  const wanted = all.filter(({ visibility }) => visibility.showAlerts);
  const title = `${schedule.role} in ${room?.name ?? ""}`;
  const message = messageId === null ? {} : { messageId };
  for (const recipient of wanted)
    await deliveries.create(ctx, recipient, { schedule, title, text, ...message });
  return wanted.length === 0 ? "nothing-shown" : null;
}

async function scheduleOf(ctx: MutationCtx, task: Doc<"tasks">): Promise<Doc<"schedules"> | null> {
  const tick = await ticks.ofTask(ctx, task);
  return tick === null ? null : await ctx.db.get("schedules", tick.scheduleId);
}
