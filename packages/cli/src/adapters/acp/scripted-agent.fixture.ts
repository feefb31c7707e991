import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { agent, methods, ndJsonStream, RequestError } from "@agentclientprotocol/sdk";
import type { AgentContext, StopReason } from "@agentclientprotocol/sdk";

// Whoever plays with it kills it more often than it ends, and the next one wants its compiled code.
flushCompileCache();

/**
 * A small agent program that speaks the real protocol and does what the first word of a prompt says. Its own first
 * argument makes it a bad one: `old`, `signed-out`, `crashing`, `mute`.
 */
const [character = "good"] = process.argv.slice(2);
const cancelled = new Map<string, AbortController>();

interface Scene {
  readonly client: AgentContext;
  readonly sessionId: string;
  readonly rest: string;
  readonly signal: AbortSignal;
}

async function say(scene: Scene, text: string): Promise<void> {
  await scene.client.notify(methods.client.session.update, {
    sessionId: scene.sessionId,
    update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text } },
  });
}

async function tool(scene: Scene, status: "in_progress" | "completed" | "failed", output?: string) {
  await scene.client.notify(methods.client.session.update, {
    sessionId: scene.sessionId,
    update: {
      sessionUpdate: "tool_call_update",
      toolCallId: "call-1",
      title: scene.rest,
      status,
      ...(output === undefined
        ? {}
        : { content: [{ type: "content", content: { type: "text", text: output } }] }),
    },
  });
}

/** Runs a line of shell in a session of its own, as agent programs do. */
async function shell(line: string, signal: AbortSignal): Promise<string> {
  const child = spawn("sh", ["-c", line], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  const stop = () => child.pid !== undefined && process.kill(-child.pid, "SIGKILL");
  signal.addEventListener("abort", stop);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return output.trim();
}

const scenes: Readonly<Record<string, (scene: Scene) => Promise<StopReason>>> = {
  async say(scene) {
    for (const word of scene.rest.split(" ")) await say(scene, `${word} `);
    return "end_turn";
  },
  async shell(scene) {
    await say(scene, "I shall run that. ");
    await tool(scene, "in_progress");
    await tool(scene, "completed", await shell(scene.rest, scene.signal));
    await say(scene, "I ran it.");
    return scene.signal.aborted ? "cancelled" : "end_turn";
  },
  async ask(scene) {
    const { outcome } = await scene.client.request(methods.client.session.requestPermission, {
      sessionId: scene.sessionId,
      toolCall: { toolCallId: "call-1", title: scene.rest, rawInput: { command: scene.rest } },
      options: [
        { optionId: "yes", name: "Allow once", kind: "allow_once" },
        { optionId: "no", name: "Reject", kind: "reject_once" },
      ],
    });
    if (outcome.outcome === "cancelled") return "cancelled";
    if (outcome.optionId === "yes") return await doing("shell", scene);
    await say(scene, "I was not allowed to.");
    return "end_turn";
  },
  async chatter(scene) {
    await shell(scene.rest, scene.signal);
    while (!scene.signal.aborted) {
      await say(scene, "And another thing: ");
      await sleep(20);
    }
    return "cancelled";
  },
  async remember(scene) {
    writeFileSync("word.txt", scene.rest);
    await say(scene, "I shall.");
    return "end_turn";
  },
  async recall(scene) {
    await say(scene, existsSync("word.txt") ? readFileSync("word.txt", "utf8") : "Nothing.");
    return "end_turn";
  },
  async plan(scene) {
    await scene.client.notify(methods.client.session.update, {
      sessionId: scene.sessionId,
      update: {
        sessionUpdate: "plan",
        entries: [{ content: scene.rest, priority: "high", status: "in_progress" }],
      },
    });
    return "end_turn";
  },
  async cost(scene) {
    const cost = { amount: Number(scene.rest), currency: "USD" };
    const update = { sessionUpdate: "usage_update", used: 1, size: 10, cost } as const;
    await scene.client.notify(methods.client.session.update, {
      sessionId: scene.sessionId,
      update,
    });
    return "end_turn";
  },
  async crash(scene) {
    await say(scene, "halfway");
    process.stderr.write("the boiler burst; API_KEY=abcdefgh1234\n");
    process.kill(process.pid, "SIGKILL");
    return await forever();
  },
  async hang() {
    return await forever();
  },
  async stubborn(scene) {
    await tool(scene, "in_progress");
    return await forever();
  },
  async garbage() {
    for (let line = 0; line < 100; line += 1) process.stdout.write(`garbage ${line}\n`);
    return await forever();
  },
  async flood() {
    process.stdout.write(`{"jsonrpc":"2.0","method":"${"x".repeat(20 * 1024 * 1024)}"}\n`);
    return await forever();
  },
  fail() {
    throw new RequestError(-32_603, "Internal error", { details: "the model is on holiday" });
  },
  "sign-in": () => {
    throw RequestError.authRequired();
  },
};

/** What a room asks for stands between two marks, after everything else that does. */
function requestIn(prompt: string): string {
  const quoted = [...prompt.matchAll(/^--- ([0-9a-f]{16})\n([^]*?)\n--- \1$/gm)];
  return quoted.at(-1)?.[2] ?? prompt;
}

async function forever(): Promise<never> {
  return await new Promise(() => setInterval(() => undefined, 60_000));
}

async function doing(name: string, scene: Scene): Promise<StopReason> {
  const play = scenes[name];
  return play === undefined ? "end_turn" : await play(scene);
}

async function whenCancelled(signal: AbortSignal): Promise<StopReason> {
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  await sleep(10);
  return "cancelled";
}

const model = {
  id: "model",
  name: "Model",
  category: "model",
  type: "select" as const,
  currentValue: "small",
  options: [
    { value: "small", name: "Small" },
    { value: "large", name: "Large" },
  ],
};

if (character === "crashing") {
  process.stderr.write("no such configuration\n");
  process.exit(3);
}
process.stdout.write("Welcome to the scripted agent.\n");
if (character === "mute") {
  process.stderr.write("waiting for a key\n");
  writeFileSync(".mute", "");
  await forever();
}

agent({ name: "scripted" })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: character === "old" ? 0 : 1,
    agentCapabilities: { loadSession: false, sessionCapabilities: { resume: {} } },
    authMethods: [{ id: "login", name: "Log in", description: "Run `scripted login`" }],
  }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    if (character === "signed-out") throw RequestError.authRequired();
    writeFileSync(".tools.json", JSON.stringify(params.mcpServers));
    return { sessionId: `session-${process.pid}`, configOptions: [model] };
  })
  .onRequest(methods.agent.session.resume, ({ params }) => {
    if (!params.sessionId.startsWith("session-")) throw RequestError.resourceNotFound("session");
    return { configOptions: [model] };
  })
  .onRequest(methods.agent.session.setConfigOption, ({ params }) => {
    writeFileSync(".model", "value" in params ? String(params.value) : "");
    return { configOptions: [model] };
  })
  .onNotification(methods.agent.session.cancel, ({ params }) => {
    cancelled.get(params.sessionId)?.abort();
  })
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    const [block] = params.prompt;
    const prompt = requestIn(block?.type === "text" ? block.text : "");
    const [, name = "", rest = ""] = /^(\S+) ?([^]*)$/.exec(prompt) ?? [];
    const cancel = new AbortController();
    cancelled.set(params.sessionId, cancel);
    const stopReason = await Promise.race([
      doing(name, { client, sessionId: params.sessionId, rest, signal: cancel.signal }),
      ...(name === "stubborn" ? [] : [whenCancelled(cancel.signal)]),
    ]);
    return { stopReason, usage: { inputTokens: 12, outputTokens: 3, totalTokens: 15 } };
  })
  .connect(
    ndJsonStream(
      Writable.toWeb(process.stdout) as WritableStream<Uint8Array>,
      Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
    ),
  );
