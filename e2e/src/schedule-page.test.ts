import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { expect, it, vi } from "vitest";
import { untilTeam } from "./harbor.ts";
import { Observer } from "./observer.ts";
import { openBrowser } from "./page.ts";
import { Product } from "./product.ts";

/** Switches the room's schedules on and adds a heartbeat of the builder, as a person does. */
async function addWatch(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Schedules" }).click();
  await page.getByRole("switch", { name: "Schedules in harbor" }).click();
  await page.getByRole("button", { name: "Add a schedule" }).click();
  await page.getByLabel("Name", { exact: true }).fill("watch");
  await page.getByLabel("Role").selectOption("builder");
  await page.getByLabel("News goes to").selectOption("owner");
  await page.getByRole("button", { name: "Add the schedule" }).click();
}

/** Runs it by hand until it wakes the builder: what a machine sees of a file is at most one beat old. */
async function untilWoken(product: Product): Promise<void> {
  await vi.waitFor(
    async () => {
      const ran = await product.muster("schedule", "run", "watch", "--room", "harbor");
      expect(ran.data["status"]).toBe("woken");
    },
    { interval: 100, timeout: 30_000 },
  );
}

const newsIn = (tab: Page) => tab.getByRole("status", { name: "News" }).getByText("mend the net");
const bellOf = (tab: Page, name: string) => tab.getByRole("button", { name, exact: true });

it("news of a schedule added in the page comes to one of two tabs, once, and is seen in both; so is a room put away", async () => {
  await using product = await Product.start();
  await using observer = new Observer(product);
  await untilTeam(observer, "ready");
  await using browser = await openBrowser();
  const ada = await browser.newContext();
  const first = await ada.newPage();
  await first.goto(product.signInLink);
  await first.getByText("Live", { exact: true }).waitFor();
  const second = await ada.newPage();
  await second.goto(`${product.url}/#/harbor/schedules/watch`);
  await second.getByText("There is no schedule watch in harbor").waitFor();

  await addWatch(first);
  const watch = first.locator('[data-schedule="watch"]');
  await watch.getByText("there is no HEARTBEAT.md and no work is due").waitFor();
  writeFileSync(path.join(product.repository, "HEARTBEAT.md"), "- [ ] mend the net\n");
  await untilWoken(product);

  const tabs = [first, second];
  await Promise.all(tabs.map(async (tab) => await bellOf(tab, "Inbox, 1 new").waitFor()));
  const shower = await Promise.any(
    tabs.map(async (tab) => {
      await newsIn(tab).waitFor();
      return tab;
    }),
  );
  await second.locator('[data-tick-reason="alert"]').getByText("had news").waitFor();
  const shown = await Promise.all(tabs.map(async (tab) => await newsIn(tab).count()));
  expect(shown.filter((count) => count === 1)).toEqual([1]);
  await watch.getByText("1 alert · ").waitFor();

  await shower.getByRole("button", { name: "Seen: builder in harbor" }).click();
  await Promise.all(tabs.map(async (tab) => await bellOf(tab, "Inbox").waitFor()));
  expect(await newsIn(shower).count()).toBe(0);

  // Put away in one tab, the room is closed in both, its schedule with it, until it is opened again: what is open beside it covers nothing.
  await first.getByRole("button", { name: "Archive harbor" }).click();
  await first.getByRole("button", { name: "Archive", exact: true }).click();
  await second.getByText(/This room was archived by \S+/).waitFor();
  expect((await product.muster("schedule", "run", "watch", "--room", "harbor")).exitCode).toBe(6);
  await second.getByRole("button", { name: "Open it again" }).click();
  await first.getByRole("button", { name: "Archive harbor" }).waitFor();
  const offline = await product.muster("schedule", "run", "watch", "--room", "harbor");
  expect(offline.data).toMatchObject({ status: "skipped", reason: "agent-offline" });
});
