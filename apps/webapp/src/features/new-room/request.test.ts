import type { Id } from "@muster/backend/dataModel";
import { expect, test } from "vitest";
import { commandOf, likely, nameFrom, pathProblem } from "./request.ts";

const machineId = "mini-id" as Id<"machines">;

test.each([
  ["/home/ada/code/Harbor.js/", "harbor-js"],
  ["C:\\code\\pier", "pier"],
  ["/", ""],
  [`/srv/${"long-".repeat(20)}`, `${"long-".repeat(7)}long`],
])("the path %s suggests the name %j", (path, name) => {
  expect(nameFrom(path)).toBe(name);
});

test.each(["", "harbor", "~/harbor", "/home/../etc"])(
  "%j is no path that a machine can be given",
  (path) => {
    expect(pathProblem(path)).not.toBeNull();
  },
);

test("a whole path is accepted, whatever the machine's system", () => {
  expect(pathProblem("/home/ada/harbor")).toBeNull();
  expect(pathProblem("C:\\code\\harbor")).toBeNull();
});

test("the command does the same and survives a shell", () => {
  const request = {
    name: "harbor",
    repo: "/my code/o'hare",
    team: ["builder"],
    harness: "opencode",
    machineId,
  };
  expect(commandOf(request)).toBe(
    "muster room create harbor --repo '/my code/o'\\''hare' --harness opencode --team builder",
  );
});

const machine = (names: string[]) => ({
  _id: machineId,
  name: "mini",
  os: "linux",
  daemonConnected: true,
  since: 0,
  harnesses: names.map((name) =>
    name === "broken"
      ? { name, version: "none", problem: { message: "not installed", command: "install it" } }
      : { name, version: "1" },
  ),
});

test("a real program is chosen before the scripted one, and never one that cannot run", () => {
  expect(likely(machine(["demo", "broken", "opencode"]))).toBe("opencode");
  expect(likely(machine(["demo", "broken"]))).toBe("demo");
  expect(likely(machine(["broken"]))).toBeNull();
});
