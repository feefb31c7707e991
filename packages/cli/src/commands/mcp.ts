import type { Command } from "commander";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { Handler, Runs } from "../invocation.ts";
import { roleOf, roomOf } from "../session.ts";
import type { SeatOptions } from "../session.ts";
import { abortWhenAsked } from "../signals.ts";
import { withSeat } from "./options.ts";

/**
 * Serves until its input ends or it is asked to end. Loaded only when asked for: every other command is quicker without
 * it. The agent of a daemon (MUSTER_ROLE) has its waiting done for it and must not wait itself.
 */
const serve: Handler<SeatOptions> = async (invocation, options) => {
  roomOf(invocation, options);
  roleOf(invocation, options);
  const asked = abortWhenAsked();
  const { StdioServerTransport } = await import("@modelcontextprotocol/sdk/server/stdio.js");
  const { roomTools } = await import("../mcp/server.ts");
  const { Sitting } = await import("../mcp/sitting.ts");
  const stdin = invocation.stdin as Readable;
  const stdout = invocation.stdout as Writable;
  const ended = Promise.race([
    once(stdin, "end"),
    once(stdin, "close"),
    once(stdout, "error"),
    once(asked, "abort"),
  ]);
  const driven = (invocation.env["MUSTER_ROLE"] ?? "") !== "";
  const sitting = driven ? null : new Sitting(invocation, options);
  const server = roomTools(invocation, options, sitting);
  await server.connect(new StdioServerTransport(stdin, stdout));
  await ended;
  await sitting?.end();
  await server.close();
  asked.throwIfAborted();
  return null;
};

export function addMcp(program: Command, runs: Runs): void {
  withSeat(program.command("mcp"))
    .description("the room's tools for an agent program, by the Model Context Protocol on stdio")
    .action(runs(serve));
}
