import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { beforeEach, expect, test, vi } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { ManualClock } from "./manual-clock.ts";
import { scratch, serve } from "./serve.ts";

const { jobs } = anyApi;
const MINUTE = 60_000;

let clock: ManualClock;
let data: string;
let harbor: RunningDeployment;
let client: ConvexHttpClient;

async function open(): Promise<void> {
  harbor = await serve({ clock, data });
  client = new ConvexHttpClient(harbor.url);
}

beforeEach(async () => {
  clock = new ManualClock();
  data = scratch();
  await open();
});

const counts = async () => (await client.query(jobs!["counts"]!)) as Record<string, number>;

const schedule = async (job: string, args: object, delay: number) =>
  (await client.mutation(jobs!["schedule"]!, { job, args, delay })) as string;

test.each(["jobs:count", "jobs:countByAction"])(
  "%s runs when its time has come, once",
  async (job) => {
    const id = await schedule(job, { name: "later" }, MINUTE);
    await clock.advance(MINUTE - 1);
    expect(await counts()).not.toHaveProperty("later");
    await clock.advance(1);
    await vi.waitFor(async () => {
      expect(await client.query(jobs!["state"]!, { id })).toBe("success");
    });
    await clock.advance(10 * MINUTE);
    expect(await counts()).toMatchObject({ later: 1 });
  },
);

test("twenty jobs of one moment all run", async () => {
  for (let at = 0; at < 20; at += 1) await schedule("jobs:count", { name: "crowd" }, MINUTE);
  await clock.advance(MINUTE);
  await vi.waitFor(async () => expect(await counts()).toMatchObject({ crowd: 20 }));
});

test("a job that was cancelled does not run", async () => {
  const id = await schedule("jobs:count", { name: "never" }, MINUTE);
  await client.mutation(jobs!["cancel"]!, { id });
  await clock.advance(2 * MINUTE);
  expect(await counts()).not.toHaveProperty("never");
  expect(await client.query(jobs!["state"]!, { id })).toBe("canceled");
});

test("a job that throws has failed and is not tried again", async () => {
  const id = await schedule("jobs:fail", {}, 0);
  await clock.advance(0);
  await vi.waitFor(async () => {
    expect(await client.query(jobs!["state"]!, { id })).toBe("failed");
  });
});

test("a job that fell due while nobody was there runs after the restart", async () => {
  await schedule("jobs:count", { name: "overdue" }, MINUTE);
  await harbor.close();
  await clock.advance(5 * MINUTE);
  await open();
  await clock.advance(0);
  await vi.waitFor(async () => expect(await counts()).toMatchObject({ overdue: 1 }));
});

test("a cron runs at once, then keeps its pace across restarts and makes up with one run", async () => {
  await clock.advance(0);
  await vi.waitFor(async () => expect(await counts()).toMatchObject({ tides: 1 }));
  await clock.advance(10 * MINUTE);
  await vi.waitFor(async () => expect(await counts()).toMatchObject({ tides: 2 }));
  await harbor.close();
  await clock.advance(35 * MINUTE);
  await open();
  await clock.advance(0);
  await vi.waitFor(async () => expect(await counts()).toMatchObject({ tides: 3 }));
  await clock.advance(5 * MINUTE - 1);
  expect(await counts()).toMatchObject({ tides: 3 });
  await clock.advance(1);
  await vi.waitFor(async () => expect(await counts()).toMatchObject({ tides: 4 }));
});

test("a daily cron waits for its hour, keeps it across a restart, and makes up for missed days once", async () => {
  const HOUR = 60 * MINUTE;
  await clock.advance(5 * HOUR + 59 * MINUTE);
  expect(await counts()).not.toHaveProperty("mornings");
  await clock.advance(2 * MINUTE);
  await vi.waitFor(async () => expect(await counts()).toMatchObject({ mornings: 1 }));
  await harbor.close();
  await clock.advance(72 * HOUR);
  await open();
  await clock.advance(0);
  await vi.waitFor(async () => expect(await counts()).toMatchObject({ mornings: 2 }));
  await clock.advance(23 * HOUR);
  expect(await counts()).toMatchObject({ mornings: 2 });
  await clock.advance(HOUR);
  await vi.waitFor(async () => expect(await counts()).toMatchObject({ mornings: 3 }));
});
