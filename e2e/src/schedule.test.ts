import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it, onTestFailed, vi } from "vitest";
import { untilTeam } from "./harbor.ts";
import { Observer, api } from "./observer.ts";
import { Product } from "./product.ts";

const room = "harbor";
const ROOM = ["--room", room];
const NEWS = "Open in HEARTBEAT.md:\n- mend the net";

function write(product: Product, text: string): void {
  writeFileSync(path.join(product.repository, "HEARTBEAT.md"), text);
}

/** Runs the schedule by hand until its tick is as expected: a machine tells of its files once a beat. */
async function untilTick(product: Product, expected: object): Promise<void> {
  await vi.waitFor(
    async () => {
      const { data } = await product.muster("schedule", "run", "watch", ...ROOM);
      expect(data).toMatchObject(expected);
    },
    { interval: 100, timeout: 30_000 },
  );
}

async function untilEnded(observer: Observer, outcome: string): Promise<void> {
  const ticks = { room, schedule: "watch" };
  await observer.until(api.schedules.ticks, ticks, ({ items }) =>
    items.some((tick) => tick.status === "ended" && tick.outcome === outcome),
  );
}

/** What people have been told: in the room, and in the owner's inbox. */
async function told(product: Product): Promise<{ room: string[]; inbox: string[] }> {
  await using observer = new Observer(product);
  const said = await observer.until(api.messages.list, { room }, () => true);
  const inbox = await observer.until(api.inbox.list, {}, () => true);
  return {
    room: said.items.flatMap(({ text, sender }) => (sender.name === "builder" ? [text] : [])),
    inbox: inbox.items.map(({ text }) => text),
  };
}

async function standing(product: Product) {
  await using observer = new Observer(product);
  const { items } = await observer.until(api.schedules.list, { room }, () => true);
  return items.map(({ name, state, nextDueAt }) => ({ name, state, nextDueAt }));
}

it("an open item makes one alert, once, over a restart, too; ticked off it makes none", async () => {
  await using product = await Product.start();
  onTestFailed(() => console.error(product.output));
  {
    await using observer = new Observer(product);
    await untilTeam(observer, "ready");
    const schedule = ["--role", "builder", "--every", "1h", "--target", "owner"];
    await product.muster("schedule", "add", "watch", ...ROOM, ...schedule);
    await product.muster("schedule", "on", ...ROOM);
    await untilTick(product, { status: "skipped", reason: "missing-file" });

    write(product, "# Watch\n\n- [ ] mend the net\n");
    await untilTick(product, { status: "woken" });
    await untilEnded(observer, "alert");
  }
  expect(await told(product)).toEqual({ room: [NEWS], inbox: [NEWS] });

  const before = await standing(product);
  product.interrupt();
  await product.ended();
  await product.npmStart();
  expect(await standing(product)).toEqual(before);
  {
    await using observer = new Observer(product);
    await untilTeam(observer, "ready");
    await untilTick(product, { status: "woken" });
    await untilEnded(observer, "duplicate");
  }
  expect(await told(product)).toEqual({ room: [NEWS], inbox: [NEWS] });

  write(product, "# Watch\n\n- [x] mend the net\n");
  await untilTick(product, { status: "skipped", reason: "empty-file" });
  expect(await told(product)).toEqual({ room: [NEWS], inbox: [NEWS] });
});
