import type { FunctionReference } from "convex/server";
import { decodeJwt } from "jose";
import type { Id } from "../../convex/_generated/dataModel.js";
import { api } from "../../convex/_generated/api.js";
import {
  addRemote,
  ask,
  beginTurn,
  newKey,
  openHarbor,
  refusalOf,
  startRemote,
  take,
} from "../cast.ts";
import type { Harbor } from "../cast.ts";
import type { TestHome } from "../convex-test-home.ts";
import type { Caller } from "../home.ts";
import type { Who } from "./expected.ts";

type Kind = keyof Caller;
type Reference = FunctionReference<"query" | "mutation" | "action">;

/** One room with everybody who could call, and the things that they name in their calls. */
export type Matrix = {
  readonly roomId: Id<"rooms">;
  readonly taskId: Id<"tasks">;
  readonly token: string;
  readonly turnId: Id<"turns">;
  readonly approvalId: Id<"approvals">;
  readonly commandId: Id<"commands">;
  readonly deliveryId: Id<"deliveries">;
  readonly noticeId: Id<"notices">;
  readonly machineId: Id<"machines">;
  readonly machineEpoch: number;
  readonly epoch: number;
  readonly holderId: string;
  readonly secret: string;
  readonly code: string;
  /** How a call ends; whatever it did is undone. A refusal that is not about access counts as let in. */
  readonly outcome: (who: Who, kind: Kind, fn: Reference, args: object) => Promise<string>;
};

export async function openMatrix(home: TestHome): Promise<Matrix> {
  const harbor = await openHarbor(home);
  await addRemote(harbor, "planner");
  const planner = await startRemote(harbor, "planner");
  const { taskId } = await harbor.send("plan");
  const held = await take(planner);
  const turn = await beginTurn(planner, held);
  const { approvalId } = await ask(turn);
  await harbor.ada.mutation(api.agents.kill, { room: "harbor", role: "planner" });
  const [command] = (await harbor.mini.query(api.commands.forMachine, {})).items;
  const { code } = await harbor.ada.mutation(api.auth.createCode, {});
  const seat = { room: "harbor", role: "builder" };
  const exchanged = await home.nobody.action(api.auth.exchange, { secret: harbor.adaSecret, seat });
  const subjects = await strangers(home, harbor.roomId);
  const callers: Record<Who, string | null> = {
    nobody: null,
    "another user": subjects.eve,
    "a member": subjects.linus,
    "the owner": await subjectOf(home, harbor.adaSecret),
    "this role's agent": await credentialOfEpoch(home, planner.epoch),
    "another role's agent": decodeJwt(exchanged.token).sub ?? "",
    "its machine": await machineSubject(home, harbor.machineId),
    "another machine": subjects.machine,
  };
  return {
    roomId: harbor.roomId,
    taskId,
    token: held.token,
    turnId: turn.turnId,
    approvalId,
    commandId: command?._id ?? ("" as Id<"commands">),
    ...(await scheduled(home, harbor)),
    machineId: harbor.machineId,
    machineEpoch: harbor.machineEpoch,
    epoch: planner.epoch,
    holderId: planner.holderId,
    secret: harbor.adaSecret,
    code,
    outcome: async (who, kind, fn, args) => await attempt(home, callers[who], kind, fn, args),
  };
}

/** A schedule of planner's, news of it on its way to ada's dashboard, and a notice about it. */
async function scheduled(home: TestHome, { ada, roomId }: Harbor) {
  const { scheduleId } = await ada.mutation(api.schedules.add, {
    room: "harbor",
    role: "planner",
    name: "nightly",
    kind: "heartbeat",
    cadence: { type: "interval", everyMs: 3_600_000 },
    key: newKey(),
  });
  return await home.t.run(async (ctx) => {
    const owner = await ctx.db
      .query("users")
      .withIndex("by_name", (q) => q.eq("name", "ada"))
      .unique();
    if (owner === null) throw new Error("ada is missing");
    const deliveryId = await ctx.db.insert("deliveries", {
      userId: owner._id,
      roomId,
      role: "planner",
      scheduleId,
      channel: "dashboard",
      title: "planner in harbor",
      text: "the build is red",
      at: Date.now(),
      status: "pending",
      attempt: 0,
      triesLeft: 8,
      dueAt: Date.now() + 3_600_000,
    });
    const about = { kind: "late", text: "nightly ticked late", at: Date.now() } as const;
    const noticeId = await ctx.db.insert("notices", { roomId, scheduleId, ...about });
    return { deliveryId, noticeId };
  });
}

const UNDO = "undo what the call did";

async function attempt(
  home: TestHome,
  subject: string | null,
  kind: Kind,
  fn: Reference,
  args: object,
): Promise<string> {
  const t = subject === null ? home.t : home.t.withIdentity({ subject });
  const call =
    kind === "action"
      ? t.action(fn as FunctionReference<"action">, args)
      : t.mutation(async (ctx) => {
          if (kind === "query") await ctx.runQuery(fn as FunctionReference<"query">, args);
          else await ctx.runMutation(fn as FunctionReference<"mutation">, args);
          throw new Error(UNDO);
        });
  const ended = await refusalOf(call);
  if (ended.includes(UNDO)) return "accepted";
  if (ended.startsWith("broke")) throw new Error(ended);
  return ["not_found", "not_allowed", "not_signed_in"].includes(ended) ? ended : "accepted";
}

/** eve, who is not in the room, with her machine; and linus, a member who may only send. */
async function strangers(home: TestHome, roomId: Id<"rooms">) {
  return await home.t.run(async (ctx) => {
    const eve = await ctx.db.insert("users", { name: "eve" });
    const linus = await ctx.db.insert("users", { name: "linus" });
    const machineId = await ctx.db.insert("machines", {
      userId: eve,
      name: "evil",
      os: "linux",
      daemonVersion: "1",
      harnesses: [],
      daemonConnected: true,
      since: 0,
      epoch: 1,
    });
    await ctx.db.insert("members", {
      roomId,
      userId: linus,
      roomName: "harbor",
      rights: ["send"],
    });
    const person = (userId: Id<"users">) =>
      ctx.db.insert("credentials", { kind: "person", userId, label: "browser" });
    return {
      eve: await person(eve),
      linus: await person(linus),
      machine: await ctx.db.insert("credentials", {
        kind: "machine",
        userId: eve,
        label: "evil",
        machineId,
      }),
    };
  });
}

async function subjectOf(home: TestHome, secret: string): Promise<string> {
  const { token } = await home.nobody.action(api.auth.exchange, { secret });
  return decodeJwt(token).sub ?? "";
}

async function credentialOfEpoch(home: TestHome, epoch: number): Promise<string> {
  const all = await home.t.run(async (ctx) => await ctx.db.query("credentials").collect());
  return all.find((credential) => credential.epoch === epoch)?._id ?? "";
}

async function machineSubject(home: TestHome, machineId: Id<"machines">): Promise<string> {
  const all = await home.t.run(async (ctx) => await ctx.db.query("credentials").collect());
  return all.find((credential) => credential.machineId === machineId)?._id ?? "";
}
