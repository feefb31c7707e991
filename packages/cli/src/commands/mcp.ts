import type { Command } from "commander";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { Handler, Runs } from "../invocation.ts";
import { roleOf, roomOf } from "../session.ts";
import type { SeatOptions } from "../session.ts";
import { withSeat } from "./options.ts";

/** Loaded only when asked for: every other command is quicker without it. */
const serve: Handler<SeatOptions> = async (invocation, options) => {
  roomOf(invocation, options);
  roleOf(invocation, options);
  const { StdioServerTransport } = await import("@modelcontextprotocol/sdk/server/stdio.js");
  const { roomTools } = await import("../mcp/server.ts");
  const stdin = invocation.stdin as Readable;
  const stdout = invocation.stdout as Writable;
  const ended = Promise.race([once(stdin, "end"), once(stdin, "close"), once(stdout, "error")]);
  const server = roomTools(invocation, options);
  await server.connect(new StdioServerTransport(stdin, stdout));
  await ended;
  await server.close();
  return null;
};

export function addMcp(program: Command, runs: Runs): void {
  withSeat(program.command("mcp"))
    .description("the room's tools for an agent program, by the Model Context Protocol on stdio")
    .action(runs(serve));
}
