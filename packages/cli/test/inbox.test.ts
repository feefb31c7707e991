import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Muster } from "./muster.ts";

let muster: Muster;

beforeAll(async () => {
  muster = new Muster();
  await muster.up([], { MUSTER_TIMING: "fast" });
});

afterAll(async () => await muster[Symbol.asyncDispose]());

const inbox = async (...args: string[]) => await muster.call(["inbox", ...args]);

interface Item {
  readonly _id: string;
  readonly text: string;
  readonly status: string;
  readonly seenAt: number | null;
}

async function items(): Promise<Item[]> {
  return (await inbox()).data["items"] as Item[];
}

/** A schedule tells the owner something new. */
async function news(text: string): Promise<void> {
  const room = `harbor-${randomUUID().slice(0, 8)}`;
  const seat = ["--room", room, "--role", "linus"];
  await muster.call(["room", "create", room, "--team", "linus"]);
  const when = ["--at", "2099-01-01T00:00Z", "--prompt", "Well?", "--target", "owner"];
  await muster.call(["schedule", "add", "watch", ...seat, ...when]);
  await muster.call(["schedule", "on", "--room", room]);
  await muster.run(["wait-for-task", ...seat, "--timeout", "0"]);
  await muster.call(["schedule", "run", "watch", "--room", room]);
  await muster.run(["wait-for-task", ...seat, "--timeout", "10"]);
  await muster.call(["task-started", ...seat]);
  expect((await muster.call(["handoff", ...seat, "--to", "user", text])).exit).toBe(0);
}

test("news arrives, waits for the end of quiet hours, and is new until it was seen", async () => {
  expect((await inbox()).data).toEqual({ unseen: 0, items: [], questions: [] });
  await news("The tide is out.");

  const arrived = await inbox();
  expect(arrived.data).toMatchObject({ unseen: 1, items: [{ text: "The tide is out." }] });
  expect(arrived.next).toEqual(["muster inbox seen"]);
  expect((await inbox("seen")).data).toEqual({ unseen: 0, unknown: [] });
  expect((await items())[0]?.seenAt).toEqual(expect.any(Number));

  const now = new Date();
  const clock = (offset: number) =>
    new Date(now.getTime() + offset * 3_600_000).toISOString().slice(11, 16);
  await inbox("quiet", `${clock(-2)}-${clock(2)}`, "--zone", "UTC");
  await news("The boat is loose.");
  expect((await items())[0]).toMatchObject({ text: "The boat is loose.", status: "waiting" });
  expect((await inbox("quiet", "off")).data).toMatchObject({ quietHours: null });
});

test("who waits for an answer is told before the news, with the command that answers", async () => {
  const { seat } = await muster.atWork("linus");
  const asked = await muster.run(["ask", ...seat, "Which port?", "--wait", "0"]);
  const id = String(asked.data["questionId"]);

  const opened = await inbox();
  expect(opened.data).toMatchObject({ questions: [{ _id: id, title: "Which port?" }] });
  expect(opened.next[0]).toBe("muster approvals");
  await muster.call(["answer", id, "8080"]);
  expect((await inbox()).data["questions"]).toEqual([]);
});

test("quiet hours that are none are refused in one sentence, and nothing changes", async () => {
  await inbox("quiet", "22:00-07:00", "--zone", "Europe/Berlin");
  const wrong: [string[], RegExp][] = [
    [["at night"], /^It must be two times of the day, like 22:00-07:00\.$/],
    [["22:00-25:00"], /^"25:00" is not a time of the day/],
    [["22:00-07:00", "--zone", "Mars/Base"], /^"Mars\/Base" is not a time zone/],
    [["off", "--zone", "UTC"], /^--zone is for quiet hours\.$/],
  ];
  for (const [args, message] of wrong) {
    const refused = await inbox("quiet", ...args);
    expect(refused.exit).toBe(2);
    expect(refused.error.message).toMatch(message);
  }
  const kept = { from: "22:00", to: "07:00", zone: "Europe/Berlin" };
  expect((await inbox("quiet")).data).toMatchObject({ quietHours: kept });
});

test("a delivery that is not there is not found, and an agent has no inbox", async () => {
  expect((await inbox("retry", "nothing")).exit).toBe(3);
  const seen = await inbox("seen", "nothing", "either");
  expect(seen).toMatchObject({ exit: 3, error: { kind: "not_found" } });
  expect(seen.error.message).toBe("There is no delivery nothing or either to you.");
  const env = { MUSTER_ROOM: "harbor", MUSTER_ROLE: "linus" };
  const refused = await muster.call(["inbox"], { env });
  expect(refused).toMatchObject({ exit: 5, error: { kind: "not_allowed" } });
});
