import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { installOpenCode, scratchRepository } from "./opencode.ts";
import { openBrowser } from "./page.ts";
import { Product } from "./product.ts";
import { ScriptedModel, type ChatMessage, type Reply } from "./scripted-model.ts";

const command =
  "printf 'Hello, harbor.\\n' > hello.txt && git add hello.txt && git commit --quiet --message 'Say hello'";

/** Works with its own shell, then hands off by our tool, then has nothing more to say. */
function buildsAndHandsOff(messages: readonly ChatMessage[]): Reply {
  const done = messages.filter(({ role }) => role === "tool").length;
  if (done === 0) return { tool: { name: "bash", input: { command, description: "Says hello" } } };
  if (done === 1) {
    return { tool: { name: "muster_handoff", input: { to: "user", text: "hello.txt is there." } } };
  }
  return { text: "Done." };
}

it("a person's own agent program works on their repository, asks once, and answers with its diff", async () => {
  await using model = await ScriptedModel.start(buildsAndHandsOff);
  await using product = await Product.installed();
  installOpenCode(product, model);
  const repository = scratchRepository(product);
  await product.npmStart("--no-demo");
  await using browser = await openBrowser();
  const page = await browser.newPage();

  await page.goto(product.signInLink);
  await page.getByRole("button", { name: "New room" }).first().click();
  await page.getByLabel("Repository on").fill(repository);
  await page.getByLabel("Name of the room").fill("pier");
  await page.getByRole("radio", { name: /opencode 1\.\d+.*found on this machine/ }).check();
  await page.getByRole("radio", { name: /builder only/ }).check();
  await page.getByRole("button", { name: "Open the room" }).click();

  await page.getByRole("textbox", { name: "Message to builder" }).fill("Say hello in a file.");
  await page.keyboard.press("Enter");
  const question = page.locator("[data-approval-status=open]");
  await question.getByText("git add hello.txt").first().waitFor();
  await page.getByText("needs you").first().waitFor();
  await question.locator("[data-option=allow_once]").click();

  await page.getByRole("log").getByText("hello.txt is there.").waitFor();
  expect(gitIn(repository, "log", "--format=%s")).toBe("Say hello\nBegin the pier\n");
  await page.getByText("What builder did").click();
  const task = page.locator("[data-task-panel]");
  await task.locator("[data-file='hello.txt']").getByText("Hello, harbor.").waitFor();
  // OpenCode tells the tokens of its last call only.
  await task.getByText("120 in · 30 out").first().waitFor();
});

function gitIn(directory: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: directory, encoding: "utf8" });
}
