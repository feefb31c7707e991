import { access, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HarnessDied, HarnessMissing, HarnessUnusable } from "../adapter.ts";
import type { Adapter, Turn, TurnEvent } from "../adapter.ts";
import { compiledCode } from "../../compiled-code.fixture.ts";
import { memoryOf } from "../contract.fixture.ts";
import { acpAdapter } from "./acp.ts";
import type { AcpOptions } from "./acp.ts";

const SCRIPTED = fileURLToPath(new URL("scripted-agent.fixture.ts", import.meta.url));
const path = process.env["PATH"] ?? "";
const events: TurnEvent[] = [];
const turn: Turn = {
  taskId: "t1",
  request: "",
  emit: (event) => void events.push(event),
  ask: () => Promise.resolve("denied"),
};
let workingDir: string;
let adapter: Adapter | undefined;

beforeEach(async () => {
  workingDir = await realpath(await mkdtemp(join(tmpdir(), "muster-acp-")));
});

afterEach(async () => {
  events.length = 0;
  await adapter?.close();
  await rm(workingDir, { recursive: true, force: true });
});

/** The agent of linus, with a character of its own. */
function linus(character = "good", more: Partial<AcpOptions> = {}): Adapter {
  adapter = acpAdapter({
    name: "linus",
    argv: [process.execPath, SCRIPTED, character],
    model: null,
    place: { workingDir, environment: { PATH: path, ...compiledCode } },
    memory: memoryOf({ session: null }),
    tools: () => [],
    silenceMs: 60_000,
    ...more,
  });
  return adapter;
}

test.each([
  [
    "old",
    "linus cannot be used: it speaks version 0 of the Agent Client Protocol, and Muster speaks 1. Install another version of it.",
  ],
  ["signed-out", "linus is not signed in on this machine. To mend it: Run `scripted login`."],
])(
  "a program that is %s waits for a person before its agent joins, with the reason",
  async (...given) => {
    const [character, reason] = given;

    await expect(linus(character).open()).rejects.toThrow(new HarnessMissing(reason));
  },
);

test("a program that crashes at once is refused with its own words", async () => {
  const reason = "linus cannot be used: it ended with exit code 3, and said: no such configuration";

  await expect(linus("crashing").open()).rejects.toThrow(new HarnessUnusable(reason));
});

test("a program that is missing is named", async () => {
  const missing = linus("good", { argv: ["muster-no-such-program", "acp"] });

  await expect(missing.open()).rejects.toThrow(
    "linus cannot be used: there is no program muster-no-such-program on this machine.",
  );
});

test("a program that never answers can be closed while it is opened, and what it waited for is known", async () => {
  const mute = linus("mute");
  const opening = mute.open().catch((error: unknown) => error);
  await vi.waitFor(async () => await access(join(workingDir, ".mute")), 20_000);

  await mute.close();

  const words = "was ended before it opened a session, and said: waiting for a key";
  expect(await opening).toEqual(new HarnessUnusable(`linus cannot be used: it ${words}`));
});

test("the agent's model is chosen among those that the program offers", async () => {
  await linus("good", { model: "large" }).open();
  expect(await readFile(join(workingDir, ".model"), "utf8")).toBe("large");

  await expect(linus("good", { model: "huge" }).open()).rejects.toThrow(
    'linus has no model "huge"; it has small, large.',
  );
});

function ownTools(marker: string) {
  return [
    { name: "muster", command: "node", args: ["mcp"], env: [{ name: "MARK", value: marker }] },
  ];
}

test("the session is given our own tools, marked as a part of this program", async () => {
  await linus("good", { tools: ownTools }).open();

  const given = JSON.parse(await readFile(join(workingDir, ".tools.json"), "utf8")) as unknown;
  expect(given).toEqual([
    {
      name: "muster",
      command: "node",
      args: ["mcp"],
      env: [{ name: "MARK", value: expect.stringMatching(/^[0-9a-f]{24}$/) }],
    },
  ]);
});

test("a program that dies says its last words, without secrets", async () => {
  await expect(linus().prompt("crash", turn)).rejects.toThrow(
    new HarnessDied("linus was killed by SIGKILL.\n\nthe boiler burst; API_KEY=[redacted]"),
  );
});

test("a few lines that are no messages are passed over, and many end the turn", async () => {
  await expect(linus().prompt("garbage", turn)).rejects.toThrow(
    "linus does not speak the Agent Client Protocol on its output.",
  );
});

test("a message without end ends the turn and is not kept", async () => {
  await expect(linus().prompt("flood", turn)).rejects.toThrow("linus wrote a message without end.");
});

test("a program that does not obey a cancel is ended, and started again for the next turn", async () => {
  const stubborn = linus("good", { cancelMs: 100 });
  await stubborn.open();
  const result = stubborn.prompt("stubborn", turn);
  while (events.length === 0) await new Promise((resolve) => setImmediate(resolve));

  stubborn.cancel();

  expect((await result).stopReason).toBe("cancelled");
  expect(await stubborn.prompt("say I obey", turn)).toMatchObject({ text: "I obey" });
});

test("a turn that the program could not finish is told in its own words, and the agent lives on", async () => {
  const living = linus();

  expect(await living.prompt("fail", turn)).toEqual({
    text: "linus could not finish the turn: Internal error: the model is on holiday",
    stopReason: "failed",
  });
  expect(await living.prompt("sign-in", turn)).toMatchObject({
    text: expect.stringContaining("linus is not signed in on this machine."),
    stopReason: "failed",
  });
  expect(await living.prompt("say still here", turn)).toMatchObject({ text: "still here" });
});

test("a plan is told entry by entry", async () => {
  await linus().prompt("plan mend the net", turn);

  expect(events[0]).toEqual({
    kind: "plan",
    entries: [{ text: "mend the net", status: "in_progress" }],
  });
});

test("a session tells what it has cost in all, and a turn is charged its part", async () => {
  const known = { session: { sessionId: "session-1", spent: 0.5 } };
  const resumed = linus("good", { memory: memoryOf(known) });

  await resumed.prompt("cost 0.75", turn);
  await resumed.prompt("cost 1.75", turn);

  const costs = events.flatMap((event) => (event.kind === "usage" ? [event.usage.cost] : []));
  expect(costs.filter((cost) => cost !== undefined)).toEqual([
    { amount: 0.25, currency: "USD" },
    { amount: 1, currency: "USD" },
  ]);
  expect(known.session.spent).toBe(1.75);
});

test("the answer is what is said last, bounded", async () => {
  const { text } = await linus().prompt(`say ${"net ".repeat(6_000)}`, turn);

  expect(text.length).toBeLessThan(16_000);
  expect(text).toMatch(/the rest was cut off/);
});
