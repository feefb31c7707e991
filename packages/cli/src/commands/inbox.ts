import type { Command } from "commander";
import { api } from "../backend/api.ts";
import { CliError } from "../errors.ts";
import type { Handler, Runs } from "../invocation.ts";
import { askedLine } from "../output/approvals.ts";
import { inboxLines, inboxSettingsLines } from "../output/inbox.ts";
import { asCaller, refuseAgent } from "../session.ts";
import { howMany } from "./options.ts";
import { hours, localZone } from "./times.ts";

const PEOPLES = "open a person's inbox";

/** Who waits for an answer, then what was sent. */
const list: Handler<{ limit?: number }> = async (invocation, { limit }) => {
  refuseAgent(invocation, PEOPLES);
  const backend = await asCaller(invocation);
  const [found, asked] = await Promise.all([
    backend.query(api.inbox.list, limit === undefined ? {} : { limit }),
    backend.query(api.approvals.list, {}),
  ]);
  const questions = asked.items.filter(({ status }) => status === "open");
  const now = Date.now();
  const news = found.unseen === 0 ? "Nothing new" : `${found.unseen} new`;
  const count = questions.length === 1 ? "1 open question" : `${questions.length} open questions`;
  return {
    data: { ...found, questions },
    summary: `${news}${questions.length === 0 ? "" : `, ${count}`}.`,
    lines: [...questions.map((item) => askedLine(item, now)), ...inboxLines(found.items, now)],
    next: [
      ...(questions.length === 0 ? [] : ["muster approvals"]),
      ...(found.unseen === 0 ? [] : ["muster inbox seen"]),
    ],
  };
};

/** Those that are named, or all that the list shows. */
const seen: Handler<object> = async (invocation, _options, ids) => {
  refuseAgent(invocation, PEOPLES);
  const backend = await asCaller(invocation);
  const deliveryIds = ids.length > 0 ? [...ids] : await unseen(backend);
  const answer = await backend.mutate(api.inbox.seen, { deliveryIds }, { patienceMs: 2_000 });
  if (ids.length > 0 && answer.unknown.length > 0) {
    throw new CliError("not_found", `There is no delivery ${answer.unknown.join(" or ")} to you.`, {
      hint: "muster inbox",
    });
  }
  return {
    data: answer,
    summary: answer.unseen === 0 ? "Nothing new is left." : `${answer.unseen} new are left.`,
    next: ["muster inbox"],
  };
};

async function unseen(backend: Awaited<ReturnType<typeof asCaller>>): Promise<string[]> {
  const { items } = await backend.query(api.inbox.list, {});
  return items.filter(({ seenAt }) => seenAt === null).map(({ _id }) => _id);
}

const retry: Handler<object> = async (invocation, _options, [deliveryId = ""]) => {
  refuseAgent(invocation, PEOPLES);
  const backend = await asCaller(invocation);
  const answer = await backend.mutate(api.deliveries.retry, { deliveryId });
  return { data: answer, summary: "It is tried again.", next: ["muster inbox"] };
};

const quiet: Handler<{ zone?: string }> = async (invocation, { zone }, [wanted]) => {
  refuseAgent(invocation, PEOPLES);
  const given = wanted === undefined || wanted === "off" ? null : hours(wanted);
  if (zone !== undefined && given === null) {
    throw new CliError("usage", "--zone is for quiet hours.", {
      hint: "For example: muster inbox quiet 22:00-07:00 --zone Europe/Berlin",
    });
  }
  const quietHours = given === null ? null : { ...given, zone: zone ?? localZone() };
  const backend = await asCaller(invocation);
  const settings =
    wanted === undefined
      ? await backend.query(api.inbox.settings, {})
      : await backend.mutate(api.inbox.configure, { quietHours });
  const lines = inboxSettingsLines(settings);
  return { data: settings, summary: lines[0], lines };
};

export function addInbox(program: Command, runs: Runs): void {
  const inbox = program
    .command("inbox")
    .description("who waits for your answer, and the news that schedules have sent to you");
  inbox
    .command("list", { isDefault: true })
    .description("who waits for an answer, then what was sent, newest first")
    .option("--limit <count>", "at most so many", howMany)
    .action(runs(list));
  inbox
    .command("seen")
    .description("you have seen it")
    .argument("[id...]", "which (default: all)")
    .action(runs(seen));
  inbox
    .command("retry")
    .description("try again what was not delivered")
    .argument("<id>", "which")
    .action(runs(retry));
  inbox
    .command("quiet")
    .description("when nothing is to reach you; it waits until then")
    .argument("[hours]", "22:00-07:00, or off (default: say how it is)")
    .option("--zone <zone>", "their time zone (default: this computer's)")
    .action(runs(quiet));
}
