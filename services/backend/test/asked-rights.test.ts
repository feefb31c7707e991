import { afterAll, beforeAll, expect, test } from "vitest";
import { api } from "../convex/_generated/api.js";
import { openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";
import { openMatrix } from "./matrix/cast.ts";
import type { Matrix } from "./matrix/cast.ts";
import { EXPECTED, WHO } from "./matrix/expected.ts";

let home: TestHome;
let matrix: Matrix;
beforeAll(async () => {
  home = await openTestHome();
  matrix = await openMatrix(home);
  await home.t.run(async (ctx) => {
    await ctx.db.patch("approvals", matrix.approvalId, { kind: "question", options: [] });
  });
});
afterAll(async () => {
  await home.close();
});

test.each(WHO)("%s may answer a question who may write in its room", async (who) => {
  const { approvalId } = matrix;
  const args = { approvalId, answer: "8080" };
  const outcome = await matrix.outcome(who, "mutation", api.approvals.answer, args);
  expect(outcome).toBe(EXPECTED["messages.send"]?.[WHO.indexOf(who)]);
});
