import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { approvalLines, type ApprovalView } from "../output/approvals.ts";
import { asCaller, quoted, refuseAgent } from "../session.ts";
import { answer } from "./answer.ts";

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
    next: first === undefined ? [] : answersTo(first),
  };
};

function answersTo({ _id, kind, options, choices }: ApprovalView): string[] {
  if (kind === "approval")
    return options.map(({ optionId }) => `muster answer ${_id} ${quoted(optionId)}`);
  if (choices.length === 0) return [`muster answer ${_id} "…"`];
  return choices.map((choice) => `muster answer ${_id} ${quoted(choice)}`);
}

export function addApprovals(program: Command, runs: Runs): void {
  const approvals = program
    .command("approvals")
    .alias("questions")
    .description("what agents ask people, permissions and questions, and the answers");
  approvals
    .command("list", { isDefault: true })
    .description("the open questions, then the last closed ones")
    .option("--room <room>", "only of this room (default: $MUSTER_ROOM, else all)")
    .action(runs(list));
  approvals
    .command("answer")
    .description("the same as muster answer")
    .argument("<question>", "its id")
    .argument("[answer...]", "the id of one of its options")
    .action(runs(answer));
}
