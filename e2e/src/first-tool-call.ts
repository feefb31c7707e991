/** Measures, with the real OpenCode: from Enter in the page until the agent's first tool call is on screen. Prints ms. */
import { installOpenCode, scratchRepository } from "./opencode.ts";
import { api, Observer } from "./observer.ts";
import { openBrowser } from "./page.ts";
import { Product } from "./product.ts";
import { ScriptedModel } from "./scripted-model.ts";

const RUNS = 3;
const room = "pier";

const calls = [
  { tool: { name: "bash", input: { command: "date", description: "Looks at the clock" } } },
  { tool: { name: "muster_handoff", input: { to: "user", text: "Done." } } },
];
/** Each turn: a question for permission, the handoff, and a last word, without which the turn would go on. */
await using model = await ScriptedModel.start((messages) => {
  const asked = messages.findLastIndex(({ role }) => role === "user");
  return calls[messages.slice(asked).filter(({ role }) => role === "tool").length] ?? { text: "." };
});
await using product = await Product.installed();
installOpenCode(product, model);
const repository = scratchRepository(product);
await product.up("--no-demo");
const team = ["--harness", "opencode", "--team", "builder"];
await product.muster("room", "create", room, "--repo", repository, ...team);
await using observer = new Observer(product);
await using browser = await openBrowser();
const page = await browser.newPage();
await page.goto(product.signInLink);
const box = page.getByRole("textbox", { name: "Message to builder" });
const question = page.locator("[data-approval-status=open]").first();

for (let run = 0; run < RUNS; run += 1) {
  await observer.until(api.rooms.getTeamReadiness, { room }, ({ items }) =>
    items.every((seat) => seat.agentStatus === "ready"),
  );
  await box.fill("What time is it?");
  const sent = performance.now();
  await box.press("Enter");
  await question.waitFor();
  console.log(Math.round(performance.now() - sent));
  await question.locator("[data-option=allow_once]").click();
  await observer.until(
    api.messages.list,
    { room },
    ({ items }) => items.filter(({ type }) => type === "handoff").length > run,
  );
}
