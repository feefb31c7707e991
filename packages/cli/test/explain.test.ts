import { expect, test } from "vitest";
import { Muster } from "./muster.ts";

test("what holds a room up is explained role by role, down to the point where nothing does", async () => {
  await using muster = new Muster();
  await muster.up([], { MUSTER_TIMING: "fast" });
  const at = ["--room", "harbor", "--role", "planner"];
  await muster.call(["room", "create", "harbor", "--team", "planner,builder"]);

  const nobody = await muster.call(["explain", "harbor"]);
  const strangers = await muster.call(["explain", "harbor", "--role", "cook"]);
  const nowhere = await muster.call(["explain", "port"]);
  await muster.call(["agent", "add", ...at, "--type", "custom", "--harness", "shell"]);
  await muster.run(["wait-for-task", ...at, "--timeout", "0.2"]);
  const somebody = await muster.call(["explain", "harbor", "--role", "planner"]);
  const gone = await muster.call(["agent", "remove", ...at]);
  const bare = await muster.call(["explain", "harbor", "--role", "planner"]);
  const again = await muster.call(["agent", "remove", ...at]);

  expect(nobody.exit).toBe(0);
  expect(nobody.data["items"]).toMatchObject([
    { role: "planner", ok: false, holdup: { kind: "no_agent" } },
    { role: "builder", ok: false, holdup: { kind: "no_agent" } },
  ]);
  expect(nobody.next).toContainEqual(
    expect.stringMatching(/^muster agent add --room harbor --role planner/),
  );
  expect([strangers.exit, nowhere.exit]).toEqual([3, 3]);
  expect([gone.exit, again.exit]).toEqual([0, 3]);
  expect(bare.data["items"]).toMatchObject([{ holdup: { kind: "no_agent" } }]);
  expect(somebody.exit).toBe(0);
  expect(somebody.data["items"]).toMatchObject([
    { role: "planner", ok: true, holdup: null, reporter: "its own process" },
  ]);
});
