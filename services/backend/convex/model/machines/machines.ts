import { nextBeatDelay } from "@muster/core";
import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { arm } from "../deadlines/arming.ts";
import { wasAhead } from "../deadlines/clock.ts";
import * as commands from "./commands.ts";
import { requireFields, requireValid } from "../refusal.ts";
import { timing } from "../timing.ts";

const MAX_HARNESSES = 64;

type Machine = Doc<"machines">;
type Registration = Pick<Machine, "name" | "os" | "harnesses" | "daemonVersion">;

/** When the machine has to beat next and how long it is believed without one. */
export function nextBeat(): { nextBeatMs: number; leaseMs: number } {
  const { DAEMON_HEARTBEAT_INTERVAL_MS, DAEMON_HEARTBEAT_TTL_MS } = timing();
  return {
    nextBeatMs: nextBeatDelay(DAEMON_HEARTBEAT_INTERVAL_MS, Math.random()),
    leaseMs: DAEMON_HEARTBEAT_TTL_MS,
  };
}

/** A daemon begins; whatever an older one claimed has failed. */
export async function register(ctx: MutationCtx, machine: Machine, given: Registration) {
  const { os, daemonVersion, harnesses } = given;
  requireFields({ "machine's name": given.name, "operating system": os, version: daemonVersion });
  requireHarnesses(harnesses);
  const epoch = machine.epoch + 1;
  await ctx.db.patch("machines", machine._id, { ...given, epoch });
  await commands.failClaimed(ctx, machine);
  await renew(ctx, { ...machine, epoch });
  return {
    machineId: machine._id,
    epoch,
    ...nextBeat(),
    timing: Object.fromEntries(
      Object.entries(timing()).map(([name, value]: [string, number | readonly number[]]) => [
        name,
        typeof value === "number" ? value : [...value],
      ]),
    ),
  };
}

function requireHarnesses(harnesses: Machine["harnesses"]): void {
  requireValid(harnesses.length > MAX_HARNESSES ? "A machine has too many harnesses." : null);
  for (const { name, version, problem } of harnesses)
    // A program that is not there has no version, but a word on what is wrong.
    if (problem === undefined) requireFields({ harness: name, version });
    else requireFields({ harness: name, problem: problem.message, command: problem.command });
}

/** False for a daemon that has been replaced. */
export async function offer(
  ctx: MutationCtx,
  machine: Machine,
  { epoch, harnesses }: { readonly epoch: number; readonly harnesses: Machine["harnesses"] },
): Promise<boolean> {
  requireHarnesses(harnesses);
  if (epoch !== machine.epoch) return false;
  await ctx.db.patch("machines", machine._id, { harnesses });
  return true;
}

/**
 * Was heard: its lease runs again, and it is connected whatever was thought of it before. Answers whether the clock was
 * set back since it was heard last.
 */
export async function renew(ctx: MutationCtx, machine: Machine): Promise<boolean> {
  const now = Date.now();
  const readyUntil = now + timing().DAEMON_HEARTBEAT_TTL_MS;
  const claim = { epoch: machine.epoch, readyUntil, renewedAt: now, renewedBy: machine.name };
  const lease = await leaseOf(ctx, machine);
  if (lease === null)
    await ctx.db.insert("leases", { machineId: machine._id, phase: "attended", ...claim });
  else await ctx.db.patch("leases", lease._id, claim);
  // It comes later than the one before, unless the clock was set back.
  if ((lease?.readyUntil ?? Infinity) > readyUntil) await arm(ctx, readyUntil);
  if (!machine.daemonConnected)
    await ctx.db.patch("machines", machine._id, { daemonConnected: true, since: now });
  return wasAhead(lease);
}

/** Its daemon says goodbye; an older daemon's goodbye changes nothing. */
export async function disconnect(ctx: MutationCtx, machine: Machine, epoch: number): Promise<null> {
  if (epoch === machine.epoch) await lose(ctx, machine);
  return null;
}

/** Was not heard in time, or left. Its agents are not judged by it: they have leases of their own. */
export async function lose(ctx: MutationCtx, machine: Machine): Promise<void> {
  const lease = await leaseOf(ctx, machine);
  if (lease !== null) await ctx.db.patch("leases", lease._id, { readyUntil: null });
  if (machine.daemonConnected)
    await ctx.db.patch("machines", machine._id, { daemonConnected: false, since: Date.now() });
}

async function leaseOf(ctx: MutationCtx, machine: Machine): Promise<Doc<"leases"> | null> {
  return await ctx.db
    .query("leases")
    .withIndex("by_machineId", (q) => q.eq("machineId", machine._id))
    .unique();
}

/** The machines of a person, by name. */
export async function listFor(ctx: QueryCtx, user: Doc<"users">) {
  const machines = await ctx.db
    .query("machines")
    .withIndex("by_userId_and_name", (q) => q.eq("userId", user._id))
    .take(64);
  return machines.map(({ _id, name, os, daemonConnected, since, harnesses }) => ({
    _id,
    name,
    os,
    daemonConnected,
    since,
    harnesses,
  }));
}
