import type { Cadence } from "@muster/core";
import type { Command } from "commander";
import { api } from "../backend/api.ts";
import { CliError } from "../errors.ts";
import type { Handler, Invocation, Runs } from "../invocation.ts";
import { asCaller, quoted, refuseAgent, roleOf, roomOf, type SeatOptions } from "../session.ts";
import { newKey, optionalTextOf } from "../text.ts";
import { withSeat } from "./options.ts";
import { duration, hours, localZone, moment } from "./times.ts";

interface AddOptions extends SeatOptions {
  readonly every?: number;
  readonly cron?: string;
  readonly zone?: string;
  readonly at?: number;
  readonly prompt?: string;
  readonly heartbeat?: boolean;
  readonly target?: string;
  readonly quiet?: { readonly from: string; readonly to: string };
  readonly quietZone?: string;
  readonly okToken?: string;
}

const add: Handler<AddOptions> = async (invocation, options, [given, ...words]) => {
  refuseAgent(invocation, "change schedules");
  const room = roomOf(invocation, options);
  const role = roleOf(invocation, options);
  const cadence = cadenceOf(options);
  const quietHours = quietHoursOf(options);
  const prompt = await promptOf(invocation, options, words);
  const kind = prompt === undefined || options.heartbeat === true ? "heartbeat" : "prompt";
  const name = given ?? `${role}-${kind}`;
  const { target, okToken } = options;
  const backend = await asCaller(invocation);
  const added = await backend.mutate(
    api.schedules.add,
    {
      room,
      role,
      name,
      kind,
      cadence,
      ...(prompt === undefined ? {} : { prompt }),
      ...(target === undefined ? {} : { target }),
      ...(quietHours === undefined ? {} : { quietHours }),
      ...(okToken === undefined ? {} : { okToken }),
      key: newKey(),
    },
    { patienceMs: 2_000 },
  );
  const where = `--room ${quoted(room)}`;
  return {
    data: { name, kind, ...added },
    summary: `${role} of ${room} has the ${kind} ${name}. ${added.note}`,
    next: added.on
      ? [`muster schedule show ${quoted(name)} ${where}`]
      : [`muster schedule on ${where}`],
  };
};

/** @throws `usage` for words in two places */
async function promptOf(
  invocation: Invocation,
  { prompt }: AddOptions,
  words: readonly string[],
): Promise<string | undefined> {
  if (prompt === undefined) return await optionalTextOf(invocation, words);
  if (words.length === 0) return prompt;
  throw new CliError("usage", "The words are given twice.", {
    hint: "Give them with --prompt, or after the name.",
  });
}

/** Exactly one of three ways to say when. @throws `usage` */
function cadenceOf({ every, cron, zone, at }: AddOptions): Cadence {
  const ways = [every, cron, at].filter((way) => way !== undefined).length;
  if (ways !== 1) {
    const problem = ways === 0 ? "When is it due?" : "It is due in one way only.";
    throw new CliError("usage", `${problem} Give one of --every, --cron and --at.`, {
      hint: 'For example: --every 30m, --cron "0 9 * * 1-5" or --at 2026-12-24T18:00',
    });
  }
  if (cron !== undefined) return { type: "cron", expression: cron, zone: zone ?? localZone() };
  if (zone !== undefined) {
    throw new CliError("usage", "--zone is for --cron.", {
      hint: "A date takes its offset with it: --at 2026-12-24T18:00+01:00",
    });
  }
  return every === undefined ? { type: "once", at: at ?? 0 } : { type: "interval", everyMs: every };
}

function quietHoursOf({ quiet, quietZone }: AddOptions) {
  if (quiet !== undefined) return { ...quiet, zone: quietZone ?? localZone() };
  if (quietZone === undefined) return undefined;
  throw new CliError("usage", "--quiet-zone is for --quiet.", {
    hint: "For example: --quiet 22:00-07:00 --quiet-zone Europe/Berlin",
  });
}

export function addScheduleAdd(schedule: Command, runs: Runs): void {
  withSeat(schedule.command("add"))
    .description("let an agent look around, or tell it something, again and again")
    .option("--every <duration>", "how often: 30m, 2h, 1d; at least a minute", duration)
    .option("--cron <expression>", 'when, in five fields: "0 9 * * 1-5"')
    .option("--zone <zone>", "the time zone of --cron (default: this computer's)")
    .option("--at <date>", "once: 2026-12-24T18:00, on this computer's clock", moment)
    .option("--prompt <text>", "what to say; without it the agent looks around (a heartbeat)")
    .option("--heartbeat", "look around, with the text as something more to look after")
    .option("--target <who>", "who gets news beside the room: none, owner, last, dashboard/<name>")
    .option("--quiet <hours>", "never between these times: 22:00-07:00", hours)
    .option("--quiet-zone <zone>", "the time zone of --quiet (default: this computer's)")
    .option("--ok-token <word>", "what says that all is well (default: HEARTBEAT_OK)")
    .argument("[name]", "its name (default: the role and what it is)")
    .argument("[text...]", "what to say, like --prompt (default: what is piped in, or nothing)")
    .action(runs(add));
}
