import type { FunctionReturnType } from "convex/server";
import { setTimeout as sleepFor } from "node:timers/promises";
import { api } from "./backend/api.ts";
import type { Backend } from "./backend/connect.ts";
import { CliError } from "./errors.ts";
import { AGENT_PATIENCE_MS } from "./held-seat.ts";
import type { Invocation } from "./invocation.ts";
import type { Seat } from "./seat.ts";
import { asHolder, asSeated } from "./session.ts";
import type { SeatOptions } from "./session.ts";
import { newKey } from "./text.ts";
import { whenClosed } from "./when-closed.ts";
import type { Standing } from "./when-closed.ts";

export interface Question {
  readonly text: string;
  readonly choices: readonly string[];
  /** How long it may be answered; the backend's default if absent. */
  readonly timeoutMs?: number | undefined;
}

/** A question that this machine's seat has asked. */
export interface AskedQuestion {
  readonly backend: Backend;
  readonly seat: Seat;
  readonly questionId: string;
}

/** What a person said, and who. */
export interface GivenAnswer {
  readonly answer: string;
  readonly answeredBy: string;
}

/** Asks the people of the room about the task that the seat holds. @throws CliError */
export async function askRoom(
  invocation: Invocation,
  options: SeatOptions,
  { text, choices, timeoutMs }: Question,
): Promise<AskedQuestion> {
  const { backend, seat } = await asHolder(invocation, options);
  const { roomId: room, role, epoch, taskId, token } = seat;
  const bound = timeoutMs === undefined ? {} : { timeoutMs };
  const question = { text, choices: [...choices], ...bound, key: newKey() };
  const { approvalId } = await backend.mutate(
    api.questions.ask,
    { room, role, epoch, taskId, token, ...question },
    { patienceMs: AGENT_PATIENCE_MS },
  );
  return { backend, seat, questionId: approvalId };
}

/** One that the seat has asked before. @throws CliError `conflict` when nobody sits there on this machine */
export async function askedBefore(
  invocation: Invocation,
  options: SeatOptions,
  questionId: string,
): Promise<AskedQuestion> {
  return { ...(await asSeated(invocation, options)), questionId };
}

/**
 * The answer, or null when none came within `waitMs` (without it there is no bound); the question then stays open.
 *
 * @throws CliError `unanswered` when its time is over, `void` when nobody needs the answer any more, and what the
 * signal was aborted with
 */
export async function answerTo(
  asked: AskedQuestion,
  how: { readonly waitMs?: number | undefined; readonly signal: AbortSignal },
): Promise<GivenAnswer | null> {
  const { backend, seat, questionId } = asked;
  const which = { room: seat.roomId, role: seat.role, approvalId: questionId };
  const { status, againMs } = await beHeard(asked, how.signal, AGENT_PATIENCE_MS);
  if (status !== "open") return givenIn(await backend.query(api.approvals.get, which));
  const ending = new AbortController();
  const signal = AbortSignal.any([how.signal, ending.signal]);
  const timer = how.waitMs === undefined ? undefined : setTimeout(() => ending.abort(), how.waitMs);
  try {
    const { promise: refused, reject } = Promise.withResolvers<never>();
    stayHeard(asked, signal, againMs).catch(reject);
    const closed = await Promise.race([whenClosed(backend, which, signal), refused]);
    if (closed !== null) return givenIn(closed);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
  how.signal.throwIfAborted();
  return null;
}

/** A seat for which nobody beats is heard by its waiting alone. Answers when to say so again. */
async function beHeard(
  { backend, seat, questionId }: AskedQuestion,
  signal: AbortSignal,
  patienceMs: number,
): Promise<FunctionReturnType<typeof api.questions.resume>> {
  const { roomId: room, role, epoch } = seat;
  const waits = { room, role, epoch, approvalId: questionId };
  return await backend.mutate(api.questions.resume, waits, { patienceMs, signal });
}

/** Until the signal is aborted; a backend that is away is waited for. */
async function stayHeard(
  asked: AskedQuestion,
  signal: AbortSignal,
  firstMs: number,
): Promise<void> {
  for (let waitMs = firstMs; !signal.aborted;) {
    await sleepFor(waitMs, undefined, { signal });
    waitMs = (await beHeard(asked, signal, Infinity)).againMs;
  }
}

function givenIn({ status, answer, optionId, answeredBy }: Standing): GivenAnswer {
  if (status === "answered")
    return { answer: answer ?? optionId ?? "", answeredBy: answeredBy ?? "somebody" };
  if (status === "void")
    throw new CliError("void", "This question is not asked any more: its task is over.", {
      hint: "Stop working on that task, and wait for the next one.",
    });
  throw new CliError("unanswered", "Nobody answered in time.", {
    hint: "Go on with what you know and say what you assumed, or hand the question over to user.",
  });
}
