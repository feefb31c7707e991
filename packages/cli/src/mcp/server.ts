import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { api } from "../backend/api.ts";
import { passOn } from "../commands/handoff.ts";
import { tellRoom } from "../commands/report-progress.ts";
import { asCliError } from "../errors.ts";
import type { CliError } from "../errors.ts";
import type { Invocation } from "../invocation.ts";
import { quotedMessages } from "../quoted-messages.ts";
import { asAgent, roleOf, roomOf } from "../session.ts";
import type { SeatOptions } from "../session.ts";
import type { Sitting } from "./sitting.ts";
import { offerWaiting } from "./wait-tool.ts";
import { answerTick } from "./answer-tick.ts";
import { offerAsking } from "./ask-tool.ts";

const PAGE = 30;

/** What a refusal means for the program that called; anything else is told in its own words. */
const MEANING: Readonly<Record<string, string>> = {
  superseded:
    "Another process has this seat now. Stop working: nothing that you do counts any more.",
  stale_claim:
    "This task is not yours any more: it was cancelled, or somebody else has taken it up. Stop working on it.",
  rejoin_required:
    "This seat was thought dead for a while and is being taken up again. Try once more in a few seconds.",
};

/** What became of an answer to a schedule. */
const OUTCOMES: Readonly<Record<string, string>> = {
  ok: "Noted: nobody is disturbed.",
  alert: "The people will know.",
  duplicate: "The people know that already, so nobody is disturbed again.",
};

/**
 * The tools by which an agent takes part in its room. Every call speaks for one seat, whose file it reads anew. Without a
 * `sitting` somebody else waits for the agent's work, and it is offered no tool to wait.
 */
export function roomTools(
  invocation: Invocation,
  seat: SeatOptions,
  sitting: Sitting | null,
): McpServer {
  const then = sitting === null ? "end your turn" : "call wait_for_task for the next one";
  const within = async (call: () => Promise<string>) =>
    sitting === null ? await call() : await sitting.within(call);
  const server = new McpServer(
    { name: "muster", version: "1" },
    {
      instructions: `When your task is done, call handoff exactly once, or heartbeat_respond if a schedule has set it; then ${then}.`,
    },
  );
  const tool = <Input>(run: (own: Invocation, input: Input) => Promise<string>) =>
    answering(
      async (input: Input) =>
        await within(
          async () => await withOwnEnd(invocation, async (own) => await run(own, input)),
        ),
    );

  server.registerTool(
    "handoff",
    {
      title: "Hand off",
      description:
        "End your task and pass the work on: to another role of the team, or to `user` to answer the people. Call it exactly once, when you are done.",
      inputSchema: {
        to: z.string().min(1).describe("the next role, or user"),
        text: z.string().min(1).describe("what you did and what is asked next; Markdown"),
      },
    },
    tool(async (own, { to, text }: { to: string; text: string }) => {
      await passOn(own, seat, { to, text });
      return `Handed to ${to}. Your task is done: ${then}${sitting === null ? " now" : ""}.`;
    }),
  );
  server.registerTool(
    "heartbeat_respond",
    {
      title: "Answer a schedule",
      description:
        "End a task that a schedule has set, instead of a handoff. Nobody is disturbed unless `notify` is true.",
      inputSchema: {
        notify: z.boolean().describe("true only when a person has to know"),
        text: z
          .string()
          .optional()
          .describe(
            "what they have to know, in a few sentences; without notify at most a quiet line",
          ),
      },
    },
    tool(async (own, answer: { notify: boolean; text?: string | undefined }) => {
      const outcome = await answerTick(own, seat, answer);
      return `${OUTCOMES[outcome] ?? "Your task is done."} Now ${then}.`;
    }),
  );
  server.registerTool(
    "report_progress",
    {
      title: "Report progress",
      description: "Tell the room in one line how your work goes. Your task stays yours.",
      inputSchema: { text: z.string().min(1).describe("one line") },
    },
    tool(async (own, { text }: { text: string }) => {
      await tellRoom(own, seat, text);
      return "The room knows.";
    }),
  );
  server.registerTool(
    "read_messages",
    {
      title: "Read messages",
      description:
        "What was said in the room, oldest first: the last messages, or those after a number.",
      inputSchema: {
        since: z.int().min(0).optional().describe("only what came after this number"),
        limit: z.int().min(1).max(100).optional().describe(`at most so many (${PAGE})`),
      },
      annotations: { readOnlyHint: true },
    },
    tool(
      async (
        own,
        { since, limit = PAGE }: { since?: number | undefined; limit?: number | undefined },
      ) => {
        const room = roomOf(own, seat);
        const { backend } = await asAgent(own, room, roleOf(own, seat));
        const after = since === undefined ? {} : { since };
        const { items } = await backend.query(api.messages.list, { room, limit, ...after });
        return items.length === 0 ? "No messages." : quotedMessages(items);
      },
    ),
  );
  const asking = tool(async (own, call: (own: Invocation) => Promise<string>) => await call(own));
  offerAsking(server, seat, asking);
  if (sitting !== null) {
    const answer = answering(async (call: () => Promise<string>) => await within(call));
    offerWaiting(server, sitting, answer);
  }
  return server;
}

/** What one call has opened is closed when the call is over, since this process lives on. */
async function withOwnEnd<T>(
  invocation: Invocation,
  call: (own: Invocation) => Promise<T>,
): Promise<T> {
  const cleanUps: Array<() => Promise<void> | void> = [];
  try {
    return await call({ ...invocation, defer: (cleanUp) => cleanUps.push(cleanUp) });
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  }
}

/** A refusal is an answer, too: the model reads it and does something about it. */
function answering<Input>(call: (input: Input) => Promise<string>) {
  return async (input: Input) => {
    try {
      return { content: [{ type: "text" as const, text: await call(input) }] };
    } catch (error) {
      return {
        content: [{ type: "text" as const, text: refusal(asCliError(error)) }],
        isError: true,
      };
    }
  };
}

function refusal({ kind, message }: CliError): string {
  const meaning = MEANING[kind];
  return meaning === undefined ? `${kind}: ${message}` : `${kind}: ${meaning}`;
}
