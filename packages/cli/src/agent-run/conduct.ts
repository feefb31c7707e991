import { HUMAN_TARGET } from "@muster/core/room/names";
import { isTerminal } from "@muster/core/task/status";
import type { Adapter, TurnResult } from "../adapters/adapter.ts";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import type { Delivery } from "../delivery.ts";
import { CliError } from "../errors.ts";
import { AGENT_PATIENCE_MS } from "../held-seat.ts";
import type { HeldSeat } from "../held-seat.ts";
import { freed } from "../seat.ts";
import type { Seat } from "../seat.ts";
import { baseline } from "./baseline.ts";
import type { Repository } from "./baseline.ts";
import { changes, snapshot } from "./changes.ts";
import type { Snapshot } from "./changes.ts";
import { claimOf, isLost } from "./claim.ts";
import type { Desk } from "./desk.ts";
import type { Diff } from "./recorder.ts";
import { giveTurn } from "./turn.ts";
import type { Given, TurnOptions } from "./turn.ts";

export interface ConductOptions {
  readonly backend: Backend;
  readonly held: HeldSeat;
  readonly desk: Desk;
  readonly adapter: Adapter;
  /** What the harness is called on this machine. */
  readonly harness: string;
  readonly repository: Repository;
  /** What comes before the prompt of a session that knows nothing of its room. */
  readonly prompt: (text: string) => Promise<string>;
  /** Aborting it ends the turn; the task stays open. */
  readonly signal: AbortSignal;
  readonly onStarted: () => void;
}

const PATIENCE = { patienceMs: AGENT_PATIENCE_MS };

/**
 * Works on one delivered task: starts it, gives the harness its turn, and answers for it if it did not hand off itself.
 * What the task has changed in the repository is told when it is over.
 * @throws HarnessDied, CliError; the signal's reason if the turn was ended
 */
export async function conductTask(options: ConductOptions, delivery: Delivery): Promise<void> {
  const { held, signal } = options;
  if (delivery.turn === undefined && !(await started(options))) return await held.change(freed);
  options.onStarted();
  const { seat } = held;
  const before = await baseline(options.repository, seat, delivery.id);
  const from = delivery.from.kind === "agent" ? delivery.from.name : HUMAN_TARGET;
  let diff: Promise<Diff | null> | null = null;
  const told = async () => await (diff ??= changed(options.repository, before));
  const result = await turns(options, delivery, from, told);
  signal.throwIfAborted();
  if (result !== null && (await isOpen(options, delivery, result))) {
    await answerFor(options, delivery, from, result);
  }
  if (result?.changesAreTold !== true) await tellChanges(options, seat, delivery.id, await told());
  await held.change(freed);
}

/** False when the task is no longer this holder's. */
async function started({ backend, held }: ConductOptions): Promise<boolean> {
  const claim = claimOf(held);
  if (claim === null) return false;
  try {
    await backend.mutate(api.tasks.start, claim, PATIENCE);
    return true;
  } catch (error) {
    if (isLost(error)) return false;
    throw error;
  }
}

/** The task's turn, and one more for a harness that forgot to hand off. Null if the task was taken away meanwhile. */
async function turns(
  options: ConductOptions,
  delivery: Delivery,
  from: string,
  told: () => Promise<Diff | null>,
): Promise<Given | null> {
  const { held, adapter } = options;
  const claim = claimOf(held);
  if (claim === null) return null;
  try {
    const turn = { ...options, claim, request: delivery.request, changes: told };
    // A schedule asks: the words that the turn ends with are an answer.
    const isTick = delivery.from.kind === "system";
    const tools = isTick ? TICK_TOOLS : TOOLS;
    const text = adapter.remembers ? `${delivery.text}\n\n${tools}` : delivery.text;
    const prompt = await options.prompt(text);
    const result = await giveTurn({ ...turn, prompt, begun: delivery.turn });
    const answered = isTick && result.text.trim() !== "";
    const ended = result.stopReason === "end_turn" && !options.signal.aborted;
    const forgot = ended && adapter.remembers && !answered;
    if (!forgot || !(await isOpen(options, delivery, result))) return result;
    const reminder = isTick ? TICK_CORRECTION : correction(from);
    return await reminded({ ...turn, prompt: reminder }, result);
  } catch (error) {
    if (isLost(error)) return null;
    throw error;
  }
}

/** A reminder that could not be given changes nothing about the answer that there is already. */
async function reminded(turn: TurnOptions, result: Given): Promise<Given> {
  try {
    const again = await giveTurn(turn);
    return again.stopReason === "end_turn" ? { ...again, text: result.text } : again;
  } catch (error) {
    if (error instanceof CliError) return result;
    throw error;
  }
}

/** A session has them; its shell may need a person's permission for each command. */
const TOOLS =
  "Your tools handoff, report_progress, ask_human and read_messages of the MCP server muster do the same as these commands: prefer them.";

const TICK_TOOLS =
  "Answer by the tool heartbeat_respond of the MCP server muster rather than by these commands: notify false when nothing needs a person, notify true with what they have to know. Its tools report_progress, ask_human and read_messages are yours, too.";

const TICK_CORRECTION =
  "Your turn ended without a word. Call the tool heartbeat_respond of the MCP server muster now: notify false when nothing needs a person, else notify true with what they have to know. Do nothing else.";

function correction(from: string): string {
  return [
    "Your turn ended, but your task is still open: nobody has been told what came of it.",
    `If you are done, call the tool handoff of the MCP server muster now, or run \`muster handoff --to ${from} "…"\`, with what you did and what is asked next.`,
    "If you cannot go on without a person, hand off to user and say what you need. Do nothing else.",
  ].join("\n");
}

/**
 * Whether the task still waits for its result. One that went back to its queue while this holder was thought dead does: the
 * claim's token decides whether the result is still welcome.
 */
async function isOpen(
  options: ConductOptions,
  { id: taskId }: Delivery,
  { taskIsOver }: Given,
): Promise<boolean> {
  if (taskIsOver) return false;
  const { backend, held, desk } = options;
  if (desk.has(taskId)) return true;
  const asked = { room: held.seat.roomId, taskId };
  const { status } = await backend.query(api.tasks.get, asked, asLongAsItLives(options));
  return !isTerminal(status);
}

/** Work that is done is not done again because nobody could be told: its answer waits for somebody who can be. */
const asLongAsItLives = ({ signal }: ConductOptions) => ({ patienceMs: Infinity, signal });

/**
 * The turn ended and the task is still open: the answer goes to whoever asked. News of a turn that did not end by
 * itself goes to the people, since another agent could only send it back.
 */
async function answerFor(
  options: ConductOptions,
  delivery: Delivery,
  from: string,
  { text, stopReason }: TurnResult,
): Promise<void> {
  const { backend, held } = options;
  const claim = claimOf(held);
  if (claim === null) return;
  const to = stopReason === "end_turn" ? from : HUMAN_TARGET;
  const words = [STOPPED[stopReason] ?? "", text].filter((part) => part !== "").join("\n\n");
  const key = `answer:${delivery.id}:${delivery.attempt}`;
  const answer = { to, text: words === "" ? "The turn ended without an answer." : words, key };
  try {
    await backend.mutate(api.tasks.handOff, { ...claim, ...answer }, asLongAsItLives(options));
  } catch (error) {
    if (!isLost(error)) throw error;
  }
}

/** What people have to know of a turn that the model did not end. A turn that failed says so itself. */
const STOPPED: Partial<Record<TurnResult["stopReason"], string>> = {
  max_tokens: "The turn ended because the model reached the limit of its tokens.",
  max_turn_requests: "The turn ended because it needed too many requests.",
  refusal: "The model refused to go on.",
  cancelled: "The turn was cancelled by its harness.",
};

/** What the task has changed so far. Null for a repository that cannot be read. */
async function changed(
  { workingDir, path }: Repository,
  before: Snapshot | null,
): Promise<Diff | null> {
  const after = before === null ? null : await snapshot(workingDir, path);
  if (before === null || after === null) return null;
  const diff = await changes(workingDir, path, before, after);
  return diff === null ? null : mutable(diff);
}

/** The task is over; a room that does not take it changes nothing about that. */
async function tellChanges(
  { backend }: ConductOptions,
  { roomId: room, role, epoch }: Seat,
  taskId: string,
  diff: Diff | null,
): Promise<void> {
  if (diff === null) return;
  const args = { room, role, epoch, taskId, diff };
  await backend.mutate(api.tasks.recordDiff, args, PATIENCE).catch(() => undefined);
}

function mutable(diff: NonNullable<Awaited<ReturnType<typeof changes>>>) {
  const files = diff.files.map(({ patch, ...file }) =>
    patch === undefined ? file : { ...file, patch },
  );
  return { ...diff, commits: [...diff.commits], files };
}
