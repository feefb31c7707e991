import type { Command } from "commander";
import { api } from "../backend/api.ts";
import { CliError } from "../errors.ts";
import type { Handler, Invocation, Result, Runs } from "../invocation.ts";
import { settingsLines } from "../output/schedules.ts";
import { asCaller, quoted, refuseAgent, roomOf } from "../session.ts";
import { amount, wholeNumber, withRoom, yesOrNo } from "./options.ts";

interface ConfigureOptions {
  readonly room?: string;
  readonly runsPerDay?: number;
  readonly costPerDay?: number;
  readonly idleDays?: number;
  readonly showOk?: boolean;
  readonly showAlerts?: boolean;
  readonly indicator?: boolean;
}

type Settings = Omit<(typeof api.schedules.configure)["_args"], "room">;

const configure: Handler<ConfigureOptions> = async (invocation, options) => {
  const { runsPerDay, costPerDay, idleDays, showOk, showAlerts, indicator } = options;
  const visibility = given({ showOk, showAlerts, indicator });
  const wanted = {
    ...given({ runsPerDay, costPerDay, idleDays }),
    ...(Object.keys(visibility).length === 0 ? {} : { visibility }),
  };
  if (Object.keys(wanted).length === 0) {
    throw new CliError("usage", "There is nothing to change.", {
      hint: "For example: --runs-per-day 48. See how it is: muster schedule list",
    });
  }
  return await change(invocation, options, wanted);
};

const turn =
  (on: boolean): Handler<{ readonly room?: string }> =>
  async (invocation, options) =>
    await change(invocation, options, { on });

async function change(
  invocation: Invocation,
  options: { readonly room?: string },
  wanted: Settings,
): Promise<Result> {
  refuseAgent(invocation, "change schedules");
  const room = roomOf(invocation, options);
  const backend = await asCaller(invocation);
  const settings = await backend.mutate(api.schedules.configure, { room, ...wanted });
  return {
    data: settings,
    summary: `Schedules are ${settings.on ? "on" : "off"} in ${room}.`,
    lines: settingsLines(settings),
    next: [`muster schedule list --room ${quoted(room)}`],
  };
}

function given<T extends object>(options: T): { [Key in keyof T]?: NonNullable<T[Key]> } {
  const there = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [Key in keyof T]?: NonNullable<T[Key]> };
}

export function addScheduleSwitches(schedule: Command, runs: Runs): void {
  withRoom(schedule.command("on"))
    .description("switch a room's schedules on; those by interval tick at once")
    .action(runs(turn(true)));
  withRoom(schedule.command("off"))
    .description("switch a room's schedules off; nothing ticks by itself")
    .action(runs(turn(false)));
  withRoom(schedule.command("configure"))
    .description("what a day may cost, and what people see")
    .option("--runs-per-day <count>", "wakes within 24 hours", wholeNumber)
    .option("--cost-per-day <amount>", "money within 24 hours, as harnesses report it", amount)
    .option("--idle-days <days>", "stop after so many days without a person; 0: never", wholeNumber)
    .option("--show-ok <yes|no>", "show quiet OK lines", yesOrNo)
    .option("--show-alerts <yes|no>", "show news", yesOrNo)
    .option("--indicator <yes|no>", "show that it runs at all", yesOrNo)
    .action(runs(configure));
}
