import { MAX_OPTIONS } from "@muster/core/approval/approval";
import { MAX_FIELD_LENGTH } from "@muster/core/room/fields";
import { headOf, TEXT_LIMITS } from "@muster/core/room/text";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import type { Answer, Question } from "../adapters/adapter.ts";
import { AGENT_PATIENCE_MS } from "../held-seat.ts";
import { whenClosed } from "../when-closed.ts";
import type { Standing } from "../when-closed.ts";
import { shown } from "./shown.ts";

/** Who asks, for which task, in which turn. */
export interface Asker {
  readonly backend: Backend;
  readonly turnId: string;
  readonly claim: {
    readonly room: string;
    readonly role: string;
    readonly epoch: number;
    readonly taskId: string;
    readonly token: string;
  };
}

/**
 * Asks the people of the room and waits for the first valid answer. A question that cannot be asked is a no; one that
 * is closed without an answer ends with its turn. Never rejects.
 */
export async function askPeople(
  asker: Asker,
  question: Question,
  signal: AbortSignal,
): Promise<Answer> {
  const { backend, turnId, claim } = asker;
  const { room, role, epoch } = claim;
  let approvalId: string;
  try {
    const asked = { ...claim, turnId, ...presentable(question) };
    const how = { patienceMs: AGENT_PATIENCE_MS };
    ({ approvalId } = await backend.mutate(api.approvals.ask, asked, how));
  } catch {
    return signal.aborted ? "cancelled" : "denied";
  }
  const asked = { room, role, approvalId };
  const closed = await whenClosed(backend, asked, signal).catch(() => "refused" as const);
  if (closed === "refused") return "cancelled";
  if (closed !== null) return answerIn(closed);
  await backend.mutate(api.approvals.withdraw, { ...asked, epoch }).catch(() => null);
  return "cancelled";
}

function answerIn({ status, optionId }: Standing): Answer {
  if (status === "answered" && optionId !== null) return { optionId };
  return status === "denied" ? "denied" : "cancelled";
}

/** As people may see it, within what a question may hold. An option without a name is none. */
function presentable({ requestId, title, detail, options }: Question) {
  return {
    requestId,
    title: field(title) || "use a tool",
    detail: headOf(shown(detail), TEXT_LIMITS.detail),
    options: options
      .slice(0, MAX_OPTIONS)
      .map(({ optionId, name, kind }) => ({ optionId, name: field(name) || kind, kind })),
  };
}

function field(text: string): string {
  return headOf(shown(text).replace(/\s+/g, " ").trim(), MAX_FIELD_LENGTH);
}
