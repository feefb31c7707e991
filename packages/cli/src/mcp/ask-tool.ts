import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { CliError } from "../errors.ts";
import type { Invocation } from "../invocation.ts";
import { answerTo, askedBefore, askRoom } from "../question.ts";
import type { SeatOptions } from "../session.ts";

/** Below the minute after which common harnesses give a tool up: "call again" must come from us. */
const WAIT_MS = 50_000;

interface Input {
  readonly question?: string | undefined;
  readonly choices?: readonly string[] | undefined;
  readonly id?: string | undefined;
}

/** Gives what was asked for, or its refusal, as the answer of a tool; what the call opens is closed with it. */
type Answer = (call: (own: Invocation) => Promise<string>) => Promise<CallToolResult>;

/** Lets an agent ask the people of its room by a tool. */
export function offerAsking(server: McpServer, seat: SeatOptions, answer: Answer): void {
  server.registerTool(
    "ask_human",
    {
      title: "Ask the people",
      description:
        "Ask the people of the room what only they can decide, and wait for their answer. It answers after 50 seconds at the latest; when nobody has answered yet, call it again with the id that it gives.",
      inputSchema: {
        question: z.string().optional().describe("the question; its first line is its title"),
        choices: z.array(z.string()).optional().describe("2 to 6 answers to choose from"),
        id: z.string().optional().describe("instead of a question: go on waiting for this one"),
      },
    },
    async (input, extra) =>
      await answer(async (own) => await askHuman(own, seat, input, extra.signal)),
  );
}

async function askHuman(
  own: Invocation,
  seat: SeatOptions,
  { question, choices = [], id }: Input,
  signal: AbortSignal,
): Promise<string> {
  if ((question === undefined) === (id === undefined))
    throw new CliError("usage", "Give either a question or the id of one that was asked.");
  const asked =
    id === undefined
      ? await askRoom(own, seat, { text: question ?? "", choices })
      : await askedBefore(own, seat, id);
  const given = await answerTo(asked, { waitMs: WAIT_MS, signal });
  return given === null
    ? `Nobody has answered yet. Call ask_human again with the id ${asked.questionId} and nothing else.`
    : `${given.answeredBy} answers: ${given.answer}`;
}
