import { expect, it, onTestFailed } from "vitest";
import { taskCommits, untilAnswered, untilTeam, untilWorking } from "./harbor.ts";
import { Observer } from "./observer.ts";
import { openBrowser } from "./page.ts";
import { Product } from "./product.ts";

it("a person signs in by the link, writes, and sees planner, builder and the commit", async () => {
  await using product = await Product.start();
  await using browser = await openBrowser();
  const page = await browser.newPage();
  onTestFailed(async () => console.error(product.output));

  await page.goto(product.signInLink);
  await page
    .getByRole("textbox", { name: "Message to planner" })
    .fill("Paint the boat. Then launch it.");
  expect(page.url(), "the code leaves the address bar").not.toContain("code");
  await page.keyboard.press("Enter");

  const conversation = page.getByRole("log");
  await conversation.getByText("Paint the boat. Then launch it.").waitFor();
  await conversation.getByText("A plan of 3 steps").waitFor();
  await page.getByText("WORKING").first().waitFor();
  await conversation.getByText("is committed as").waitFor();
  const commits = taskCommits(product);
  expect(commits).toHaveLength(1);
  const hash = await conversation.getByText(/^[0-9a-f]{10}$/).textContent();
  expect(commits[0]?.startsWith(hash ?? "none")).toBe(true);
});

it("a builder killed in the middle is seen dead, comes back, and the task ends with one commit", async () => {
  await using product = await Product.start();
  await using observer = new Observer(product);
  await using browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(product.signInLink);
  await untilTeam(observer, "ready");
  await page
    .getByRole("textbox", { name: "Message to planner" })
    .fill("Paint the boat. Then launch it.");
  await page.keyboard.press("Enter");

  const { pid } = await untilWorking(observer, "builder");
  const dead = page.getByText("DEAD", { exact: true }).first().waitFor();
  process.kill(pid, "SIGKILL");

  await dead;
  const answers = await untilAnswered(observer);
  const commits = taskCommits(product);
  expect(commits).toHaveLength(1);
  expect(answers).toHaveLength(1);
  await untilTeam(observer, "ready");
});

it("a used sign-in link says so and how to get a new one", async () => {
  await using product = await Product.start("--no-demo");
  await using browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(product.signInLink);
  await page.getByText("Live").waitFor();

  const stranger = await browser.newContext();
  const second = await stranger.newPage();
  await second.goto(product.signInLink);
  await second.getByText("muster open").waitFor();
  expect(await second.getByText(/used up/).textContent()).toContain("ten minutes");
});
