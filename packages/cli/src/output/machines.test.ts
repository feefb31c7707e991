import { expect, test } from "vitest";
import { foundOn, machineLines, type MachineView } from "./machines.ts";

const now = 1_000_000;
const mini = {
  name: "mini",
  os: "linux 6.1",
  daemonConnected: true,
  since: now - 360_000,
  harnesses: [
    { name: "demo", version: "1" },
    { name: "claude", version: "unknown" },
    {
      name: "opencode",
      version: "none",
      problem: { message: "opencode is not installed", command: "npm install -g opencode-ai" },
    },
  ],
} as unknown as MachineView;

test("a machine says whether it is heard, what was found there, and the command that mends the rest", () => {
  expect(machineLines(mini, now)).toEqual([
    { text: "mini  CONNECTED  6 min  linux 6.1", colour: "green" },
    "  demo      1",
    "  claude    unknown",
    {
      text: "  opencode  opencode is not installed – npm install -g opencode-ai",
      colour: "amber",
    },
  ]);
});

test("only what can be used counts as found", () => {
  expect(foundOn(mini)).toBe("demo 1, claude");
  expect(foundOn({ harnesses: mini.harnesses.slice(2) })).toBe("nothing");
});
