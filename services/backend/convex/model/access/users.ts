import type { Doc } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import { mint, revokeOfMachine } from "./credentials.ts";
import { requireFields } from "../refusal.ts";
import { createCode } from "./signIn.ts";

type Bootstrap = {
  readonly owner: string;
  readonly machine: string;
  readonly mintPerson: boolean;
  readonly mintMachine: boolean;
};

/** Makes what a deployment needs to be entered, as far as it is missing, and a way in. */
export async function bootstrap(ctx: MutationCtx, args: Bootstrap) {
  requireFields({ "owner's name": args.owner, "machine's name": args.machine });
  const owner = await ensureOwner(ctx, args.owner);
  const { code } = await createCode(ctx, owner);
  return {
    code,
    ...(args.mintPerson ? { personSecret: await mintPerson(ctx, owner) } : {}),
    ...(args.mintMachine ? { machineSecret: await mintMachine(ctx, owner, args.machine) } : {}),
  };
}

/** The first person is the owner and stays it, whatever the account at the keyboard is called. */
async function ensureOwner(ctx: MutationCtx, name: string): Promise<Doc<"users">> {
  const first = await ctx.db.query("users").first();
  if (first !== null) return first;
  const id = await ctx.db.insert("users", { name });
  return present(await ctx.db.get("users", id));
}

async function ensureMachine(
  ctx: MutationCtx,
  owner: Doc<"users">,
  name: string,
): Promise<Doc<"machines">> {
  const known = await ctx.db
    .query("machines")
    .withIndex("by_userId_and_name", (q) => q.eq("userId", owner._id).eq("name", name))
    .first();
  if (known !== null) return known;
  const id = await ctx.db.insert("machines", {
    userId: owner._id,
    name,
    os: "",
    daemonVersion: "",
    harnesses: [],
    daemonConnected: false,
    since: Date.now(),
    epoch: 0,
  });
  return present(await ctx.db.get("machines", id));
}

async function mintPerson(ctx: MutationCtx, owner: Doc<"users">): Promise<string> {
  return await mint(ctx, { kind: "person", userId: owner._id, label: "command line" });
}

async function mintMachine(ctx: MutationCtx, owner: Doc<"users">, name: string): Promise<string> {
  const machine = await ensureMachine(ctx, owner, name);
  await revokeOfMachine(ctx, machine._id);
  return await mint(ctx, {
    kind: "machine",
    userId: owner._id,
    label: machine.name,
    machineId: machine._id,
  });
}

function present<Row>(row: Row | null): Row {
  if (row === null) throw new Error("A row that was just inserted is missing.");
  return row;
}
