import type { Command } from "commander";
import { api } from "../backend/api.ts";
import { CliError } from "../errors.ts";
import type { Handler, Runs } from "../invocation.ts";
import { rosterLines } from "../output/roster.ts";
import { seatLines } from "../output/seat.ts";
import {
  asCaller,
  quoted,
  refuseAgent,
  roleOf,
  roomOf,
  seatFlags,
  type SeatOptions,
} from "../session.ts";
import { addAgentAdd } from "./agent-add.ts";
import { addAgentLogs } from "./agent-logs.ts";
import { withSeat } from "./options.ts";
import { whatToDo } from "./what-to-do.ts";

/** What a person wants of an agent: one call each, and a sentence that says what that means. */
function order(verb: "start" | "stop" | "restart" | "kill", said: string): Handler<SeatOptions> {
  return async (invocation, options) => {
    const room = roomOf(invocation, options);
    const role = roleOf(invocation, options);
    const backend = await asCaller(invocation);
    const answer = await backend.mutate(api.agents[verb], { room, role });
    return {
      data: answer,
      summary: `${role} ${said} (${answer.agentStatus}).`,
      next: [`muster agent status${seatFlags({ room, role })}`],
    };
  };
}

/** The role, its queue and what was said stay; its process ends, and its task goes back. */
const remove: Handler<SeatOptions> = async (invocation, options) => {
  const room = roomOf(invocation, options);
  const role = roleOf(invocation, options);
  refuseAgent(invocation, "take an agent out of its room");
  const backend = await asCaller(invocation);
  await backend.mutate(api.agents.remove, { room, role });
  return {
    data: { room, role },
    summary: `${role} in ${room} has no agent any more.`,
    next: [`muster agent add${seatFlags({ room, role })} --harness NAME`],
  };
};

const status: Handler<SeatOptions> = async (invocation, options) => {
  const room = roomOf(invocation, options);
  const role = options.role;
  const backend = await asCaller(invocation);
  const { items } = await backend.query(api.rooms.getTeamReadiness, { room });
  const seats = role === undefined ? items : items.filter((seat) => seat.role === role);
  if (role !== undefined && seats.length === 0) {
    throw new CliError("not_found", `There is no role ${role} in ${room}.`, {
      hint: `See who is there: muster room show ${quoted(room)}`,
    });
  }
  const now = Date.now();
  const [only] = seats;
  return {
    data: { items: seats },
    summary: seats.map((seat) => `${seat.role} ${seat.agentStatus}`).join(", "),
    lines:
      role === undefined || only === undefined ? rosterLines(seats, now) : seatLines(only, now),
    next: whatToDo(room, seats),
  };
};

export function addAgent(program: Command, runs: Runs): void {
  const agent = program.command("agent").description("who fills a role, and whether it runs");
  addAgentAdd(agent, runs);
  const verbs = [
    ["start", "have it run, also when it gave up before", "is wanted running"],
    ["stop", "end it for good, until you start it again", "is wanted stopped"],
    ["restart", "have it leave, then start it anew", "is started anew"],
    ["kill", "crash it on purpose, to see it come back", "is being killed"],
  ] as const;
  for (const [verb, description, said] of verbs) {
    withSeat(agent.command(verb))
      .description(description)
      .action(runs(order(verb, said)));
  }
  withSeat(agent.command("status"))
    .description("how the agents of a room are")
    .action(runs(status));
  addAgentLogs(agent, runs);
  withSeat(agent.command("remove"))
    .description("take it out of its role, whose queue and history stay")
    .action(runs(remove));
}
