import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { untilTeam } from "./harbor.ts";
import { api, Observer } from "./observer.ts";
import { openBrowser } from "./page.ts";
import { Product } from "./product.ts";

/** Says what is open in its HEARTBEAT.md, and that all is well when nothing is: scripted, without a model. */
const WATCHMAN = ["sh", "-c", "grep -F '[ ]' HEARTBEAT.md || echo HEARTBEAT_OK"];
const room = "harbor";

/** A product with one room of one watchman; answers with where the watchman works. */
async function withWatchman(product: Product): Promise<string> {
  const harnesses = { watchman: { argv: WATCHMAN } };
  const file = path.join(product.home, "harnesses.json");
  writeFileSync(file, JSON.stringify({ harnesses }), { mode: 0o600 });
  const pier = path.join(product.home, "pier");
  mkdirSync(pier);
  execFileSync("git", ["init", "--quiet", pier]);
  await product.up("--no-demo");
  const to = ["--repo", pier, "--harness", "watchman", "--team", "builder"];
  expect((await product.muster("room", "create", room, ...to)).stderr).toBe("");
  return pier;
}

/** Ticks by hand until a tick comes to this: what a machine sees of a file is at most one beat old. */
async function untilTicked(product: Product, status: string, reason: string | null): Promise<void> {
  for (;;) {
    const { data, stderr } = await product.muster("schedule", "run", "watch", "--room", room);
    expect(stderr).toBe("");
    if (data["status"] === status && data["reason"] === reason) return;
  }
}

/** Waits until so many ticks have ended with this outcome. */
async function untilEnded(observer: Observer, outcome: string, times: number): Promise<void> {
  await observer.until(
    api.schedules.ticks,
    { room, schedule: "watch" },
    ({ items }) => items.filter((tick) => tick.outcome === outcome).length >= times,
  );
}

async function said(observer: Observer): Promise<string[]> {
  const { items } = await observer.until(api.messages.list, { room }, () => true);
  return items.filter(({ sender }) => sender.kind === "agent").map(({ text }) => text);
}

it("an open item in HEARTBEAT.md makes one alert, once, a restart changes nothing, and ticked off it is silent", async () => {
  await using product = await Product.installed();
  const heartbeat = path.join(await withWatchman(product), "HEARTBEAT.md");
  await using observer = new Observer(product);
  await untilTeam(observer, "ready");
  await using browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(product.signInLink);
  await page.getByText("Live", { exact: true }).waitFor();
  const schedule = async (...words: string[]) => {
    expect((await product.muster("schedule", ...words)).stderr).toBe("");
  };
  await schedule("on", "--room", room);
  const watch = ["--role", "builder", "--every", "1h", "--target", "owner"];
  await schedule("add", "watch", "--room", room, ...watch);
  await untilTicked(product, "skipped", "missing-file");

  writeFileSync(heartbeat, "# Watch\n\n- [ ] Mend the net\n");
  await untilTicked(product, "woken", null);
  await untilEnded(observer, "alert", 1);
  const news = page.getByRole("status", { name: "News" }).getByText("Mend the net");
  await news.waitFor();
  await untilTicked(product, "woken", null);
  await untilEnded(observer, "duplicate", 1);

  product.interrupt();
  await product.ended();
  await product.up("--no-demo");
  await untilTeam(observer, "ready");
  await untilTicked(product, "woken", null);
  await untilEnded(observer, "duplicate", 2);

  writeFileSync(heartbeat, "# Watch\n\n- [x] Mend the net\n");
  await untilTicked(product, "skipped", "empty-file");

  expect(await said(observer)).toEqual(["- [ ] Mend the net"]);
  const inbox = await observer.until(api.inbox.list, {}, () => true);
  expect(inbox.items.map(({ text, status }) => [text, status])).toEqual([
    ["- [ ] Mend the net", "sent"],
  ]);
  await page.getByText("Live", { exact: true }).waitFor();
  expect(await news.count()).toBe(1);
});
