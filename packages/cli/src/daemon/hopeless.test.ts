import { expect, test } from "vitest";
import { EXIT_HOPELESS, HopelessStart } from "./hopeless.ts";
import { mini, settle } from "./mini.fixture.ts";

test("a failure that cannot mend itself is given up at once, and a person's start begins anew", async () => {
  const builder = await mini({ desired: "stopped" });
  builder.cannotStart = new HopelessStart("the working directory /srv/harbor does not exist");
  builder.want({ desired: "running" });
  await settle();
  await builder.clock.pass(50_000);
  expect(builder.news()).toEqual(["launch", "gave up after 1 start"]);

  builder.cannotStart = null;
  void builder.supervisor.start("person");
  await settle();
  await builder.exit({ code: EXIT_HOPELESS, signal: null, tail: "opencode is not installed" });
  await builder.clock.pass(50_000);

  expect(builder.news()).toEqual([
    "launch",
    `bury 1: ${EXIT_HOPELESS} opencode is not installed`,
    "gave up after 1 start",
  ]);
});
