import { api } from "../convex/_generated/api.js";
import { addRemote, newKey, openHarbor, startRemote, take } from "./cast.ts";
import type { Claim, Harbor, Holder } from "./cast.ts";
import type { Home } from "./home.ts";

const room = "harbor";
/** When every home's clock begins. */
export const FIRST = 1_700_000_000_000;
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

/** The room's and the server's notices as ada reads them. */
export async function noticesOf({ ada }: Harbor) {
  return (await ada.query(api.notices.list, {})).items;
}
