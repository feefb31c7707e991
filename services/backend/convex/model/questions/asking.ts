import { choicesProblem, textProblem, titled } from "@muster/core";
import type { ApprovalStatus } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import type { Seated } from "../access/access.ts";
import { ofRole } from "./approvals.ts";
import { requireLive } from "../tasks/claims.ts";
import type { Fence } from "../tasks/claims.ts";
import { open, openOf } from "./questions.ts";
import type { Asked } from "./questions.ts";
import { requireRate } from "../rates.ts";
import { refusal, requireFields, requireValid } from "../refusal.ts";
import { heardFrom } from "../seats/seats.ts";
import { timing } from "../timing.ts";
import { requireClaimed } from "../turns/turns.ts";

type Question = {
  readonly text: string;
  readonly choices?: readonly string[];
  /** How long it may be answered. */
  readonly timeoutMs?: number;
  /** Names this question within its task. */
  readonly key: string;
};

/** Asks the room's people about the caller's task. What is open already is not asked twice. */
export async function ask(
  ctx: MutationCtx,
  caller: Seated,
  { text, choices = [], timeoutMs, key, ...fence }: Fence & Question,
): Promise<Asked> {
  const asked = { ...requireText(text), choices: requireChoices(choices) };
  const forMs = requireTimeout(timeoutMs);
  const participant = await requireLive(ctx, caller, fence.epoch);
  await heardFrom(ctx, participant);
  const task = await requireClaimed(ctx, caller, fence);
  const { _id: taskId, roomId, role, attempt } = task;
  const same = (await openOf(ctx, roomId, role)).find((one) => isSame(one, task, asked));
  if (same !== undefined) return { approvalId: same._id, deadline: same.deadline };
  await requireRate(ctx, "ask", `${roomId}/${role}`);
  const origin = { roomId, role, taskId, attempt, epoch: fence.epoch, requestId: key };
  return await open(ctx, { kind: "question", ...origin, ...asked, options: [] }, forMs);
}

function requireText(text: string): { title: string; detail: string } {
  const problem = textProblem(text, "question");
  if (problem !== null) throw refusal(problem.kind, problem.message);
  const asked = titled(text);
  requireFields({ question: asked.title });
  return asked;
}

function requireChoices(given: readonly string[]): string[] {
  const choices = given.map((choice) => choice.trim());
  requireValid(choicesProblem(choices));
  return choices;
}

function requireTimeout(timeoutMs = timing().QUESTION_DEADLINE_MS): number {
  const longest = timing().QUESTION_LONGEST_MS;
  if (timeoutMs > 0 && timeoutMs <= longest) return timeoutMs;
  throw refusal("invalid", `A question may be answered for at most ${longest / 60_000} minutes.`);
}

/** An agent whose command was ended before it read the id asks the same again. */
function isSame(
  one: Doc<"approvals">,
  { _id, attempt }: Doc<"tasks">,
  asked: { readonly title: string; readonly detail: string; readonly choices: readonly string[] },
): boolean {
  return (
    one.kind === "question" &&
    one.taskId === _id &&
    one.attempt === attempt &&
    one.title === asked.title &&
    one.detail === asked.detail &&
    JSON.stringify(one.choices) === JSON.stringify(asked.choices)
  );
}

/** A third of what a silent seat is given: two signs of life may be lost. */
const signOfLifeMs = () => timing().UNATTENDED_WORK_MS / 3;

/** Whoever asked still waits: a sign of life of its seat, while the question is open. */
export async function resume(
  ctx: MutationCtx,
  caller: Seated,
  { approvalId, epoch }: { readonly approvalId: string; readonly epoch: number },
): Promise<{ status: ApprovalStatus; againMs: number }> {
  const { status } = await ofRole(ctx, caller, approvalId);
  if (status === "open") await heardFrom(ctx, await requireLive(ctx, caller, epoch));
  return { status, againMs: signOfLifeMs() };
}
