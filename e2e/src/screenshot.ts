/** Takes the picture of the README anew: `node src/screenshot.ts [FILE]`. The real product with its demo agents. */
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { untilAnswered, untilWorking } from "./harbor.ts";
import { Observer, api } from "./observer.ts";
import { openBrowser } from "./page.ts";
import { Product } from "./product.ts";

const file = path.resolve(
  process.argv[2] ?? path.join(import.meta.dirname, "../../docs/images/dashboard.png"),
);
const room = "harbor";
const role = "reviewer";

// The picture shows the cast and not whoever takes it, at the pace of an ordinary day and not of a test.
const preload = `
  import os from "node:os";
  import { syncBuiltinESMExports } from "node:module";
  const { userInfo } = os;
  os.hostname = () => "mini";
  os.userInfo = (...args) => ({ ...userInfo(...args), username: "ada" });
  syncBuiltinESMExports();
  process.env.MUSTER_TIMING = "fast";
  process.env.MUSTER_DEMO_PACE_MS = "1500";`;
process.env["NODE_OPTIONS"] = `--import data:text/javascript,${encodeURIComponent(preload)}`;

async function client(product: Product, seat?: { room: string; role: string }) {
  const credential = path.join(product.home, "credentials/person.json");
  const { secret } = JSON.parse(readFileSync(credential, "utf8")) as { secret: string };
  const http = new ConvexHttpClient(product.url, { skipConvexDeploymentUrlCheck: true });
  const { token } = await http.action(api.auth.exchange, { secret, ...(seat && { seat }) });
  http.setAuth(token);
  return http;
}

const BEAT_MS = 5_000;

/**
 * Plays an agent that a person runs in a tool of their own: it takes a task, asks before it runs something and
 * waits. Answers with what ends it.
 */
async function reviewerAsks(product: Product): Promise<Disposable> {
  const ada = await client(product);
  await ada.mutation(api.agents.add, { room, role, type: "custom", harness: "opencode" });
  const agent = await client(product, { room, role });
  const holderId = crypto.randomUUID();
  const { epoch } = await agent.mutation(api.participants.join, { room, role, holderId });
  const text = "Review what the builder committed, and run the tests.";
  const { taskId } = await ada.mutation(api.messages.send, { room, to: role, text, key: "review" });
  const { token } = await agent.mutation(api.tasks.claim, { room, role, epoch, taskId, holderId });
  const claim = { room, role, taskId, epoch, token };
  await agent.mutation(api.tasks.start, claim);
  const beat = setInterval(() => {
    void agent.mutation(api.participants.heartbeat, { room, role, epoch, holderId });
  }, BEAT_MS);
  const { turnId } = await agent.mutation(api.turns.begin, {
    ...claim,
    harness: "opencode",
    key: "turn",
  });
  const said = "The page and its link are there. Next I run the tests";
  const read = { id: "1", title: "Read pages/opening-hours.md", status: "done" } as const;
  await agent.mutation(api.turns.record, {
    room,
    role,
    turnId,
    epoch,
    from: 1,
    events: [
      { kind: "tool", body: read },
      { kind: "text", body: said },
    ],
    activity: "Run npm test",
  });
  await agent.mutation(api.approvals.ask, {
    ...claim,
    turnId,
    requestId: "1",
    title: "Run npm test",
    detail: "npm test -- --run pages",
    options: [
      { optionId: "once", name: "Allow once", kind: "allow_once" },
      { optionId: "always", name: "Allow always", kind: "allow_always" },
      { optionId: "no", name: "Reject", kind: "reject_once" },
    ],
  });
  return { [Symbol.dispose]: () => clearInterval(beat) };
}

await using product = await Product.start();
await using observer = new Observer(product);
await using browser = await openBrowser();
const page = await browser.newPage({
  viewport: { width: 1440, height: 900 },
  colorScheme: "light",
  reducedMotion: "reduce",
});
await page.goto(product.signInLink);
await page.getByText("Live").waitFor();
await page
  .getByRole("textbox", { name: "Message to planner" })
  .fill("Write the opening hours down. Then link them from the first page.");
await page.keyboard.press("Enter");
await untilAnswered(observer);
using _reviewer = await reviewerAsks(product);
await (
  await client(product)
).mutation(api.messages.send, { room, to: "builder", text: "Paint the boat.", key: "boat" });
await untilWorking(observer, "builder");
await page.locator('[data-role="builder"] [data-activity]').waitFor();
await page.locator('[data-approval-status="open"]').waitFor();
await page.locator("textarea").blur();
mkdirSync(path.dirname(file), { recursive: true });
await page.screenshot({ path: file });
console.log(file);
