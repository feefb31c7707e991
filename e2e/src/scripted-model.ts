import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string;
}

/** What the model says next, and the tool that it calls, if any. */
export interface Reply {
  readonly text?: string;
  readonly tool?: { readonly name: string; readonly input: Readonly<Record<string, unknown>> };
}

/** Decides what the model answers to a conversation; null for nothing, ever. */
export type Script = (messages: readonly ChatMessage[]) => Reply | null;

/** A model behind an OpenAI-compatible interface on loopback, which answers what a script says, as a stream. */
export class ScriptedModel implements AsyncDisposable {
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch(() => response.destroy());
  });
  readonly #script: Script;
  #calls = 0;

  private constructor(script: Script) {
    this.#script = script;
  }

  static async start(script: Script): Promise<ScriptedModel> {
    const model = new ScriptedModel(script);
    model.#server.listen(0, "127.0.0.1");
    await once(model.#server, "listening");
    return model;
  }

  get baseUrl(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the model has no port");
    return `http://127.0.0.1:${address.port}/v1`;
  }

  /** The configuration that makes OpenCode use this model and nothing else. */
  openCodeConfig(permission: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return {
      provider: {
        scripted: {
          npm: "@ai-sdk/openai-compatible",
          name: "Scripted",
          options: { baseURL: this.baseUrl, apiKey: "none" },
          models: {
            small: {
              name: "Small",
              cost: { input: 3, output: 15 },
              limit: { context: 100_000, output: 4_096 },
            },
          },
        },
      },
      model: "scripted/small",
      small_model: "scripted/small",
      autoupdate: false,
      permission,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as {
      messages: ReadonlyArray<{ role: ChatMessage["role"]; content: unknown }>;
      tools?: unknown[];
    };
    const messages = asked.messages.map(({ role, content }) => ({
      role,
      content: textOf(content),
    }));
    // Without tools, it is asked for the title of a conversation.
    const reply = asked.tools === undefined ? { text: "A title" } : this.#script(messages);
    if (reply === null) return;
    this.#calls += 1;
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const chunk of chunksOf(reply, this.#calls)) {
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    }
    response.end("data: [DONE]\n\n");
  }
}

/** The pieces in which a model streams its reply: the text word by word, the call, the end, the tokens. */
function chunksOf({ text = "", tool }: Reply, call: number): object[] {
  const base = { id: `c${call}`, object: "chat.completion.chunk", created: 1, model: "small" };
  const piece = (delta: object, finish: string | null = null) => ({
    ...base,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const calls =
    tool === undefined
      ? []
      : [
          piece({
            tool_calls: [
              {
                index: 0,
                id: `call-${call}`,
                type: "function",
                function: { name: tool.name, arguments: JSON.stringify(tool.input) },
              },
            ],
          }),
        ];
  return [
    piece({ role: "assistant", content: "" }),
    ...text.split(/(?<= )/).map((content) => piece({ content })),
    ...calls,
    piece({}, tool === undefined ? "stop" : "tool_calls"),
    {
      ...base,
      choices: [],
      usage: { prompt_tokens: 120, completion_tokens: 30, total_tokens: 150 },
    },
  ];
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: { text?: unknown }) => (typeof part.text === "string" ? part.text : ""))
    .join("\n");
}
