import { expect, test, vi } from "vitest";
import { carry } from "./carry.ts";
import type { Carrier } from "./carry.ts";

const outgoing = { deliveryId: "d1", attempt: 0 };

/** A backend that gives one delivery to the first who asks, as claims do. */
function outbox() {
  let free = true;
  const told: string[] = [];
  const tab = (name: string, broken = false): Carrier => ({
    claim: (deliveryId) => {
      if (!free) return Promise.resolve(null);
      free = false;
      return Promise.resolve({
        attempt: 1,
        news: { deliveryId, title: "builder in harbor", text: "The pier is loose." },
      });
    },
    show: () => {
      if (broken) throw new Error("no window");
      told.push(`${name} showed it`);
      return "page";
    },
    receipt: (_, attempt, how) => Promise.resolve(told.push(`${name}: ${how} of ${attempt}`)),
    fail: (_, attempt, reason) => {
      free = true;
      return Promise.resolve(told.push(`${name} failed ${attempt}: ${reason}`));
    },
  });
  return { told, tab };
}

test("two tabs that see the same delivery show it once, and one says that it has arrived", async () => {
  const { told, tab } = outbox();
  await Promise.all([carry(outgoing, tab("left")), carry(outgoing, tab("right"))]);
  expect(told).toEqual(["left showed it", "left: page of 1"]);
});

test("a tab whose browser refuses gives it back with the reason, and another tab shows it", async () => {
  const { told, tab } = outbox();
  await carry(outgoing, tab("left", true));
  await carry(outgoing, tab("right"));
  expect(told).toEqual([
    "left failed 1: the browser did not show it: Error: no window",
    "right showed it",
    "right: page of 1",
  ]);
});

test("nothing is shown before the claim was granted", async () => {
  const show = vi.fn<Carrier["show"]>();
  const lost = { ...outbox().tab("left"), claim: () => Promise.reject(new Error("lost")), show };
  await expect(carry(outgoing, lost)).rejects.toThrow("lost");
  expect(show).not.toHaveBeenCalled();
});
