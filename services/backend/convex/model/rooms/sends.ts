import { HUMAN_TARGET, textProblem } from "@muster/core";
import type { MutationCtx } from "../../_generated/server.js";
import { requireInTeam } from "../access/access.ts";
import type { Member } from "../access/access.ts";
import { newest, post } from "./messages.ts";
import { requirePace } from "../rates.ts";
import { refusal } from "../refusal.ts";
import * as tasks from "../tasks/tasks.ts";
import { wake } from "../machines/wake.ts";

/** A person's message with the task that it asks for. */
export async function send(
  ctx: MutationCtx,
  { room, user }: Member,
  { to, text }: { readonly to?: string; readonly text: string },
) {
  const role = to ?? room.entryRole;
  if (role === HUMAN_TARGET)
    throw refusal("invalid", `A message goes to a role of the room: ${room.team.join(", ")}.`);
  requireInTeam(room, role);
  const problem = textProblem(text, "message");
  if (problem !== null) throw refusal(problem.kind, problem.message);
  const sender = { kind: "person", name: user.name } as const;
  const last = await newest(ctx, room._id);
  await requirePace(ctx, room._id, sender, last);
  const said = { sender, type: "message", text, target: role } as const;
  const message = await post(ctx, room._id, said, last);
  const taskId = await tasks.create(ctx, room._id, {
    role,
    text,
    from: sender,
    originMessageId: message._id,
    depth: 0,
    cause: message._id,
  });
  await ctx.db.patch("messages", message._id, { taskId });
  const wakes = await wake(ctx, room, role, "message");
  return { messageId: message._id, seq: message.seq, taskId, role, wakes };
}
