import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { approvalLines } from "../output/approvals.ts";
import { asCaller, quoted, refuseAgent } from "../session.ts";

const list: Handler<{ room?: string }> = async (invocation, options) => {
  refuseAgent(invocation, "answer for people");
  const room = options.room ?? invocation.env["MUSTER_ROOM"];
  const backend = await asCaller(invocation);
  const { items } = await backend.query(
    api.approvals.list,
    room === undefined || room === "" ? {} : { room },
  );
  const open = items.filter(({ status }) => status === "open");
  const [first] = open;
  return {
    data: { items },
    summary: open.length === 1 ? "1 open question" : `${open.length} open questions`,
    lines: approvalLines(items, Date.now()),
    next:
      first === undefined
        ? []
        : first.options.map(
            ({ optionId }) => `muster approvals answer ${first._id} ${quoted(optionId)}`,
          ),
  };
};

const answer: Handler<object> = async (invocation, _options, [approvalId = "", optionId = ""]) => {
  refuseAgent(invocation, "answer for people");
  const backend = await asCaller(invocation);
  const answered = await backend.mutate(
    api.approvals.answer,
    { approvalId, answer: optionId },
    { patienceMs: 2_000 },
  );
  return {
    data: { approvalId, optionId, ...answered },
    summary: `Answered: ${optionId}.`,
    next: ["muster approvals"],
  };
};

export function addApprovals(program: Command, runs: Runs): void {
  const approvals = program
    .command("approvals")
    .description("what agents ask people, and the answers");
  approvals
    .command("list", { isDefault: true })
    .description("the open questions, then the last closed ones")
    .option("--room <room>", "only of this room (default: $MUSTER_ROOM, else all)")
    .action(runs(list));
  approvals
    .command("answer")
    .description("decide; the first answer counts")
    .argument("<question>", "its id")
    .argument("<option>", "the id of one of its options")
    .action(runs(answer));
}
