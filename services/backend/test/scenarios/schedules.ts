import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { addRemote, newKey, openHarbor, startRemote, take } from "../cast.ts";
import type { Claim, Harbor, Holder } from "../cast.ts";
import type { Home, Scenarios } from "../home.ts";

const room = "harbor";
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

type Added = Partial<(typeof api.schedules.add)["_args"]>;
export type Watch = Harbor & { readonly planner: Holder };

/** The room harbor with its schedules on, and planner ready on mini. */
export async function keepWatch(home: Home): Promise<Watch> {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "planner");
  const planner = await startRemote(harbor, "planner");
  await harbor.ada.mutation(api.schedules.configure, { room, on: true, idleDays: 0 });
  return { ...harbor, planner };
}

/** Adds a heartbeat every half hour, unless told otherwise. */
export async function schedule({ ada }: Harbor, given: Added = {}) {
  return await ada.mutation(api.schedules.add, {
    room,
    role: "planner",
    name: "nightly",
    kind: "heartbeat",
    cadence: { type: "interval", everyMs: 30 * MINUTE },
    key: newKey(),
    ...given,
  });
}

/** mini reports what planner's HEARTBEAT.md says. */
export async function write({ mini, machineEpoch: epoch }: Harbor, text: string) {
  const file = { state: "read", text } as const;
  return await mini.mutation(api.heartbeatFiles.report, { epoch, room, role: "planner", file });
}

export async function ticksOf({ ada }: Harbor, name = "nightly") {
  return (await ada.query(api.schedules.ticks, { room, schedule: name })).items;
}

export async function standing({ ada }: Harbor, name = "nightly") {
  const { items } = await ada.query(api.schedules.list, { room });
  const found = items.find((item) => item.name === name);
  if (found === undefined) throw new Error(`${name} is not in the list`);
  return found;
}

export async function messages({ ada }: Harbor) {
  return (await ada.query(api.messages.list, { room })).items;
}

/**
 * Time passes, most of it while the backend is away; just before its end everybody beats again. What falls due
 * on the way is due late.
 */
export async function pass({ home, mini, machineEpoch: epoch, planner }: Watch, ms: number) {
  const awake = Math.min(ms, 10 * SECOND);
  if (ms > awake) await home.beAway(ms - awake);
  const { role, holderId } = planner;
  const agents = [{ room, role, epoch: planner.epoch, holderId }];
  await mini.mutation(api.machines.daemonHeartbeat, { epoch, agents });
  await home.advance(awake);
}

/** planner takes the tick's task and answers in words. */
export async function answer({ planner }: Watch, text: string, held?: Claim) {
  const claim = held ?? (await take(planner));
  return await planner.caller.mutation(api.tasks.handOff, {
    ...claim,
    to: "user",
    text,
    key: newKey(),
  });
}

export const schedules: Scenarios = {
  "nothing ticks in a room before somebody switches its schedules on": async (home) => {
    const harbor = await openHarbor(home);
    const added = await schedule(harbor);
    expect(added).toMatchObject({ nextDueAt: null, on: false });
    await home.advance(2 * HOUR);
    expect(await ticksOf(harbor)).toEqual([]);
    expect((await standing(harbor)).state).toBe("off");
    await harbor.ada.mutation(api.schedules.configure, { room, on: true });
    await home.advance(SECOND);
    expect(await ticksOf(harbor)).toHaveLength(1);
    await harbor.ada.mutation(api.schedules.configure, { room, on: false });
    await home.advance(2 * HOUR);
    expect(await ticksOf(harbor)).toHaveLength(1);
  },

  "an open item makes one alert, once; ticked off it is silent": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, "# Watch\n- [ ] the build is green\n");
    await schedule(watch);
    await pass(watch, SECOND);
    const [woken] = await ticksOf(watch);
    expect(woken).toMatchObject({ status: "woken", due: ["1 open in HEARTBEAT.md"] });
    await answer(watch, "The build is red.");
    expect((await messages(watch)).at(-1)).toMatchObject({
      type: "message",
      sender: { kind: "agent", name: "planner" },
      text: "The build is red.",
      target: "user",
    });
    const told = (await messages(watch)).length;
    await pass(watch, 30 * MINUTE);
    await answer(watch, "**the build is red!**");
    expect(await messages(watch)).toHaveLength(told);
    expect((await ticksOf(watch))[0]).toMatchObject({
      outcome: "duplicate",
      withheld: "duplicate",
    });
    await write(watch, "# Watch\n- [x] the build is green\n");
    await pass(watch, 90 * MINUTE);
    expect((await ticksOf(watch))[0]).toMatchObject({ status: "skipped", reason: "empty-file" });
    expect(await messages(watch)).toHaveLength(told);
    expect((await standing(watch)).counts).toMatchObject({ wakes: 2, alerts: 1, duplicates: 1 });
  },

  "an OK is silent: its rest is one quiet line, a bare token not even that": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, "- [ ] the build is green");
    await schedule(watch);
    await pass(watch, SECOND);
    await answer(watch, "**HEARTBEAT_OK**");
    expect(await messages(watch)).toEqual([]);
    await pass(watch, 30 * MINUTE);
    await answer(watch, "All 12 builds are green. HEARTBEAT_OK");
    expect(await messages(watch)).toMatchObject([
      { type: "summary", text: "All 12 builds are green." },
    ]);
    expect((await standing(watch)).counts).toMatchObject({ oks: 2, alerts: 0 });
  },

  "the typed answer says by itself whether people have to know": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, "- [ ] the build is green");
    await schedule(watch);
    await pass(watch, SECOND);
    const quiet = await take(watch.planner);
    const respond = (held: Claim, notify: boolean, text: string) =>
      watch.planner.caller.mutation(api.schedules.respond, {
        ...held,
        notify,
        text,
        key: newKey(),
      });
    expect(await respond(quiet, false, "all green")).toEqual({
      status: "completed",
      outcome: "ok",
    });
    await pass(watch, 30 * MINUTE);
    const loud = await take(watch.planner);
    expect((await respond(loud, true, "red HEARTBEAT_OK")).outcome).toBe("alert");
    expect(await messages(watch)).toMatchObject([
      { type: "summary", text: "all green" },
      { type: "message", text: "red" },
    ]);
  },

  "an idle week wakes nobody, and every tick says that it looked": async (home) => {
    const watch = await keepWatch(home);
    await write(watch, "# Look after\nthe queue\n");
    await schedule(watch, { cadence: { type: "interval", everyMs: 12 * HOUR } });
    await pass(watch, SECOND);
    await answer(watch, "HEARTBEAT_OK");
    for (let half = 0; half < 14; half += 1) await pass(watch, 12 * HOUR);
    const { counts } = await standing(watch);
    expect(counts).toMatchObject({ ticks: 15, wakes: 1, skips: { "nothing-due": 14 } });
  },
};
