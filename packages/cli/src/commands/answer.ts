import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { asCaller, refuseAgent } from "../session.ts";
import { textOf } from "../text.ts";

/** Answers an approval by the id of an option, and a question in words or by one of its choices. */
export const answer: Handler<object> = async (
  invocation,
  _options,
  [approvalId = "", ...words],
) => {
  refuseAgent(invocation, "answer for people");
  const text = await textOf(invocation, words);
  const backend = await asCaller(invocation);
  const given = { approvalId, answer: text };
  const answered = await backend.mutate(api.approvals.answer, given, { patienceMs: 2_000 });
  return {
    data: { ...given, ...answered },
    summary: `Answered: ${text}`,
    next: ["muster approvals"],
  };
};

export function addAnswer(program: Command, runs: Runs): void {
  program
    .command("answer")
    .description("answer what an agent asks; the first answer counts")
    .argument("<question>", "its id, of `muster approvals`")
    .argument("[answer...]", "words, a choice or an option (default: what is piped in)")
    .action(runs(answer));
}
