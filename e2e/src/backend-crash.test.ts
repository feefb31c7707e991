import { expect, it } from "vitest";
import { taskCommits, untilAnswered, untilTeam, untilWorking } from "./harbor.ts";
import { api, Observer } from "./observer.ts";
import { Product } from "./product.ts";

it("a backend killed while the builder works loses nothing that it acknowledged, and the work goes on", async () => {
  await using product = await Product.start();
  await using observer = new Observer(product);
  await untilTeam(observer, "ready");
  const sent = await product.muster("send", "--room", "harbor", "Paint the boat. Then launch it.");
  expect(sent.exitCode).toBe(0);
  await untilWorking(observer, "builder");
  const before = await observer.until(api.messages.list, { room: "harbor" }, () => true);

  await product.killBackend();
  await product.up();

  const answers = await untilAnswered(observer);
  const after = await observer.until(api.messages.list, { room: "harbor" }, () => true);
  expect(after.items.slice(0, before.items.length)).toEqual(before.items);
  expect(after.items.map((message) => message.seq)).toEqual(after.items.map((_, i) => i + 1));
  const commits = taskCommits(product);
  expect(commits).toHaveLength(1);
  expect(answers).toHaveLength(1);
  expect(answers[0]).toContain(commits[0]?.slice(0, 7));
  await untilTeam(observer, "ready");
});
