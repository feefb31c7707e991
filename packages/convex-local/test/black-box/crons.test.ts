import { describe, expect, test, vi } from "vitest";
import { http, useDeployment } from "./target.ts";

useDeployment();

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Within the minute that a schedule names, and a while for the run to begin. */
const LATE = 2 * MINUTE;

interface Note {
  readonly at: number;
  readonly identity: object | null;
}

const notesOf = async (watch: string) => (await http().query("watches:kept", { watch })) as Note[];

/** The notes of a cron that has run at least once. */
async function firstNotesOf(watch: string): Promise<[Note, ...Note[]]> {
  return await vi.waitFor(async () => {
    const [first, ...more] = await notesOf(watch);
    if (first === undefined) throw new Error(`${watch} has not run.`);
    return [first, ...more];
  }, 10_000);
}

// A deployment of our own sees the first runs only; one where the folder lies for a while, the later ones as well.
test.each(["mutation", "action"])(
  "a cron by interval (%s) runs at once, as nobody, and then on the grid that its first run began",
  async (watch) => {
    const [first, ...more] = await firstNotesOf(watch);
    expect(first.identity).toBeNull();
    const hoursAgo = Math.floor((Date.now() - first.at) / HOUR);
    expect(more.length).toBeLessThanOrEqual(hoursAgo + 1);
    for (const { at } of more) expect((at - first.at + LATE) % HOUR).toBeLessThan(2 * LATE);
  },
);

test("a cron that throws leaves nothing, and the others run", async () => {
  await Promise.all(["mutation", "action"].map(firstNotesOf));
  expect(await notesOf("failing")).toEqual([]);
});

describe("a cron by the clock does not run when it is pushed, but at its time:", () => {
  test.each<[string, (at: Date) => string, string]>([
    ["hourly", (at) => `${at.getUTCMinutes()}`, "20"],
    ["daily", (at) => at.toISOString().slice(11, 16), "04:30"],
    ["weekly", (at) => `${at.getUTCDay()} ${at.toISOString().slice(11, 16)}`, "1 04:45"],
    ["monthly", (at) => at.toISOString().slice(8, 16), "01T16:10"],
    ["expression", (at) => at.toISOString().slice(11, 16), "16:15"],
  ])("%s", async (watch, shown, time) => {
    await Promise.all(["mutation", "action"].map(firstNotesOf));
    for (const { at } of await notesOf(watch)) {
      // A run that began late was due in the minute before.
      expect([shown(new Date(at)), shown(new Date(at - MINUTE))]).toContain(time);
    }
  });
});
