import { afterEach, beforeEach, expect, test } from "vitest";
import { api } from "../convex/_generated/api.js";
import { addRemote, beat, next, openHarbor, sit, startRemote, take } from "./cast.ts";
import { openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";

let home: TestHome;
beforeEach(async () => {
  home = await openTestHome();
});
afterEach(async () => {
  await home.close();
});

const room = "harbor";

/** As if the rows came from before participants had a status. */
async function forgetStatuses(): Promise<void> {
  await home.t.run(async (ctx) => {
    for (const { _id } of await ctx.db.query("participants").collect())
      await ctx.db.patch("participants", _id, { agentStatus: undefined });
  });
}

test("a participant without a stored status has the one that follows from who sits there", async () => {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "builder");
  await sit(harbor, "planner");
  const statuses = async () =>
    (await harbor.ada.query(api.rooms.getTeamReadiness, { room })).items.map(
      ({ agentStatus }) => agentStatus,
    );
  await forgetStatuses();
  expect(await statuses()).toEqual(["ready", "offline"]);
  const builder = await startRemote(harbor, "builder");
  await harbor.send("build", "builder");
  await take(builder);
  await forgetStatuses();
  expect(await statuses()).toEqual(["ready", "working"]);
});

test("what happens to it is heard as ever, and from then on its status is stored", async () => {
  const harbor = await openHarbor(home);
  const planner = await sit(harbor, "planner");
  await forgetStatuses();
  expect(await beat(planner)).toBe("ok");
  const { taskId } = await harbor.send("plan");
  expect(await next(planner)).toBe(taskId);
  await take(planner);
  expect((await harbor.seat("planner")).agentStatus).toBe("working");
  await home.advance(31_000);
  const stored = await home.t.run(async (ctx) => await ctx.db.query("participants").first());
  expect(stored?.agentStatus).toBe("dead");
});
