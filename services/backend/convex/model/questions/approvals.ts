import {
  MAX_OPTIONS,
  TEXT_LIMITS,
  closedBecause,
  fieldProblem,
  textProblem,
  utf8Length,
} from "@muster/core";
import type { ApprovalStatus } from "@muster/core";
import type { Infer } from "convex/values";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import type { Approver, Seated } from "../access/access.ts";
import { requireLive } from "../tasks/claims.ts";
import type { Fence } from "../tasks/claims.ts";
import * as participants from "../seats/participants.ts";
import { close, open } from "./questions.ts";
import type { Asked, Said } from "./questions.ts";
import { notFound, refusal, requireFields, requireValid } from "../refusal.ts";
import { heardFrom } from "../seats/seats.ts";
import { timing } from "../timing.ts";
import { own, requireClaimed } from "../turns/turns.ts";
import type { option, standing } from "../turns/validators.ts";

type Approval = Doc<"approvals">;
type Question = {
  readonly requestId: string;
  readonly title: string;
  readonly detail: string;
  readonly options: readonly Infer<typeof option>[];
};

/** Asks the room's people in a running turn; the same request asked again is the same question. */
export async function ask(
  ctx: MutationCtx,
  caller: Seated,
  asked: Fence & Question & { readonly turnId: string },
): Promise<Asked> {
  const { requestId, title, detail, options, turnId, ...fence } = asked;
  requireQuestion({ requestId, title, detail, options });
  const participant = await requireLive(ctx, caller, fence.epoch);
  await heardFrom(ctx, participant);
  const turn = await own(ctx, caller, turnId);
  const same = await ctx.db
    .query("approvals")
    .withIndex("by_turnId_and_requestId", (q) =>
      q.eq("turnId", turn._id).eq("requestId", requestId),
    )
    .unique();
  if (same !== null) return { approvalId: same._id, deadline: same.deadline };
  const task = await requireClaimed(ctx, caller, fence);
  if (turn.status !== "running" || turn.taskId !== task._id || turn.epoch !== fence.epoch)
    throw refusal("illegal_transition", "The turn is over, so it cannot ask.");
  const { roomId, role, attempt } = task;
  const asks = { requestId, title, detail, options: [...options] };
  return await open(
    ctx,
    { roomId, role, taskId: task._id, turnId: turn._id, attempt, epoch: fence.epoch, ...asks },
    timing().APPROVAL_DEADLINE_MS,
  );
}

function requireQuestion({ requestId, title, detail, options }: Question): void {
  requireFields({ "request's id": requestId, title });
  if (utf8Length(detail) > TEXT_LIMITS.detail)
    throw refusal("too_large", `The detail has more than ${TEXT_LIMITS.detail} bytes.`);
  const ids = new Set(options.map(({ optionId }) => optionId));
  if (options.length === 0 || options.length > MAX_OPTIONS || ids.size < options.length)
    throw refusal("invalid", `A question has 1 to ${MAX_OPTIONS} different options.`);
  for (const { optionId, name } of options) {
    requireValid(fieldProblem("option's id", optionId));
    requireValid(fieldProblem("option's name", name));
  }
}

/** How a question of the caller stands. */
export async function get(
  ctx: QueryCtx,
  caller: Seated,
  approvalId: string,
): Promise<Infer<typeof standing>> {
  const found = await ofRole(ctx, caller, approvalId);
  const { status, optionId = null, answer: said = null, answeredBy = null } = found;
  return { status, optionId, answer: said, answeredBy };
}

/** A person's answer counts once, and only while the very attempt that asked waits for it. */
export async function answer(
  ctx: MutationCtx,
  { approval, user }: Approver,
  given: string,
): Promise<ApprovalStatus> {
  const said = given.trim();
  const again =
    (approval.answer ?? approval.optionId) === said && approval.answeredBy === user.name;
  if (approval.status === "answered" && again) return "answered";
  const closed = closedBecause(approval, Date.now()) ?? (await outlived(ctx, approval));
  if (closed !== null) throw refusal("conflict", closed);
  const answered = approval.kind === "question" ? inWords(approval, said) : chosen(approval, said);
  await close(ctx, approval, { status: "answered", ...answered, answeredBy: user.name });
  return "answered";
}

function chosen({ options }: Approval, optionId: string): Said {
  if (options.some((option) => option.optionId === optionId)) return { optionId };
  throw refusal("invalid", `There is no option "${optionId}" in this question.`);
}

function inWords({ choices = [] }: Approval, said: string): Said {
  const problem = textProblem(said, "answer");
  if (problem !== null) throw refusal(problem.kind, problem.message);
  if (choices.length === 0 || choices.includes(said)) return { answer: said };
  throw refusal("invalid", `The answer is one of: ${choices.join(", ")}.`);
}

/** Why nobody waits for an answer although the question is open; null while somebody does. */
async function outlived(ctx: MutationCtx, approval: Approval): Promise<string | null> {
  const { roomId, role, epoch, attempt, taskId } = approval;
  const participant = await participants.find(ctx, roomId, role);
  const task = await ctx.db.get("tasks", taskId);
  if (participant?.epoch === epoch && task?.attempt === attempt) return null;
  return closedBecause({ ...approval, status: "void" }, 0);
}

/** Whoever asked does not need the answer any more. */
export async function withdraw(
  ctx: MutationCtx,
  caller: Seated,
  { approvalId, epoch }: { readonly approvalId: string; readonly epoch: number },
): Promise<ApprovalStatus> {
  const approval = await ofRole(ctx, caller, approvalId);
  if (approval.status !== "open" || approval.epoch !== epoch) return approval.status;
  await close(ctx, approval, { status: "void" });
  return "void";
}

/** @throws `not_found` also for another role's question */
export async function ofRole(
  ctx: QueryCtx | MutationCtx,
  { room, role }: Seated,
  approvalId: string,
): Promise<Approval> {
  const id = ctx.db.normalizeId("approvals", approvalId);
  const approval = id === null ? null : await ctx.db.get("approvals", id);
  if (approval?.roomId !== room._id || approval.role !== role)
    throw notFound(`question "${approvalId}" of ${role}`);
  return approval;
}
