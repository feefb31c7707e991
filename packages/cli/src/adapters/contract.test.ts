import { fileURLToPath } from "node:url";
import { compiledCode } from "../compiled-code.fixture.ts";
import { acpAdapter } from "./acp/acp.ts";
import { commandAdapter } from "./command.ts";
import { contract } from "./contract.fixture.ts";

const SCRIPTED = fileURLToPath(new URL("acp/scripted-agent.fixture.ts", import.meta.url));
const environment = { PATH: process.env["PATH"] ?? "", ...compiledCode };

contract({
  name: "the acp adapter with a scripted agent",
  make: (workingDir, memory, silenceMs) =>
    acpAdapter({
      name: "linus",
      argv: [process.execPath, SCRIPTED],
      model: null,
      place: { workingDir, environment },
      memory,
      tools: () => [],
      silenceMs,
    }),
  session: true,
  patienceMs: 15_000,
  silenceMs: 400,
});

/** Does what the first word of its prompt says, like the scripted agent. */
const SCRIPT = `
read -r verb rest
case "$verb" in
  say) printf '%s' "$rest" ;;
  shell) sh -c "$rest" ;;
esac`;

contract({
  name: "the command adapter",
  make: (workingDir) =>
    commandAdapter({ name: "linus", argv: ["sh", "-c", SCRIPT], timeoutMs: 60_000 }, null, {
      workingDir,
      environment,
    }),
  session: false,
  patienceMs: 10_000,
  silenceMs: 0,
});
