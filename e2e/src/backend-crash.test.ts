import { expect, it } from "vitest";
import { taskCommits, untilAnswered, untilTeam, untilWorking } from "./harbor.ts";
import { api, Observer } from "./observer.ts";
import { openBrowser } from "./page.ts";
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

it("a page whose backend is gone says so with the age of what it shows, and is live again by itself", async () => {
  await using product = await Product.start("--no-demo");
  await using browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(product.signInLink);
  await page.getByText("Live", { exact: true }).waitFor();

  await product.killBackend();
  await page
    .getByRole("alert")
    .getByText(/What you see is \d+s old/u)
    .waitFor();
  await page.getByText("Not connected", { exact: true }).waitFor();
  await product.up();

  await page.getByText("Live", { exact: true }).waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
});
