import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { acpAdapter } from "../../packages/cli/src/adapters/acp/acp.ts";
import { contract } from "../../packages/cli/src/adapters/contract.fixture.ts";
import { ScriptedModel } from "./scripted-model.ts";
import type { Script } from "./scripted-model.ts";

const OPENCODE = path.join(
  path.dirname(createRequire(import.meta.url).resolve("opencode-ai/package.json")),
  "bin/opencode.exe",
);
const home = mkdtempSync(path.join(tmpdir(), "muster-opencode-"));
let model: ScriptedModel;

/** The model does what the first word of the last prompt says, as the scripted agent of the same suite does. */
const script: Script = (messages) => {
  const prompts = messages.filter(({ role }) => role === "user").map(({ content }) => content);
  const [, verb, rest = ""] = /^(\S+) ?([^]*)$/.exec(prompts.at(-1) ?? "") ?? [];
  const worked = messages.at(-1)?.role === "tool";
  if (verb === "hang") return null;
  if (verb === "remember") return { text: "I shall." };
  if (verb === "recall") {
    const word = prompts.findLast((prompt) => prompt.startsWith("remember "));
    return { text: word?.slice("remember ".length) ?? "Nothing." };
  }
  if (verb === "say") return { text: rest };
  if (worked) return { text: "I ran it." };
  const input = { command: rest, description: "what was asked" };
  return { text: "I shall run that. ", tool: { name: "bash", input } };
};

beforeAll(async () => {
  model = await ScriptedModel.start(script);
});

afterAll(async () => {
  await model[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

contract({
  name: "the acp adapter with OpenCode",
  make: (workingDir, memory, silenceMs) => {
    const permission = { bash: { "*": "allow", "touch asked*": "ask" } };
    return acpAdapter({
      name: "opencode",
      argv: [OPENCODE, "acp"],
      model: null,
      place: {
        workingDir,
        environment: {
          PATH: process.env["PATH"] ?? "",
          HOME: home,
          OPENCODE_CONFIG_CONTENT: JSON.stringify(model.openCodeConfig(permission)),
        },
      },
      memory,
      tools: () => [],
      silenceMs,
    });
  },
  session: true,
  patienceMs: 120_000,
  silenceMs: 12_000,
});
