import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { requireSeatable, stands } from "./access.ts";
import type { Principal } from "./access.ts";
import { requireRate } from "../rates.ts";
import { refusal } from "../refusal.ts";
import { newSecret, sha256 } from "./secrets.ts";

const HOUR_MS = 3_600_000;
const STARTS_KEPT = 16;

type Kept = Omit<Doc<"credentials">, "_id" | "_creationTime" | "secretHash" | "revokedAt">;

/** Makes a credential and answers its secret, which is stored nowhere. */
export async function mint(ctx: MutationCtx, credential: Kept): Promise<string> {
  const secret = newSecret();
  await ctx.db.insert("credentials", { ...credential, secretHash: await sha256(secret) });
  return secret;
}

/**
 * The credential that a secret stands for or, with `seat`, the one by which its person speaks for that role.
 *
 * @throws `not_signed_in` for a secret that is unknown or revoked, `limit`
 */
export async function present(
  ctx: MutationCtx,
  { secretHash, seat }: { secretHash: string; seat?: { room: string; role: string } },
): Promise<Id<"credentials">> {
  const credential = await ctx.db
    .query("credentials")
    .withIndex("by_secretHash", (q) => q.eq("secretHash", secretHash))
    .unique();
  if (credential === null || !(await stands(ctx, credential)))
    throw refusal("not_signed_in", "This secret is unknown or was revoked.", "muster open");
  const asked = seat === undefined ? "" : ` ${seat.room}/${seat.role}`;
  await requireRate(ctx, "exchange", `${credential._id}${asked}`);
  await noteUse(ctx, credential);
  if (seat === undefined) return credential._id;
  const room = await requireSeatable(ctx, credential, seat);
  return await seatOf(ctx, credential, room, seat.role);
}

async function seatOf(
  ctx: MutationCtx,
  parent: Doc<"credentials">,
  room: Doc<"rooms">,
  role: string,
): Promise<Id<"credentials">> {
  const known = await ctx.db
    .query("credentials")
    .withIndex("by_parentId_and_roomId_and_role", (q) =>
      q.eq("parentId", parent._id).eq("roomId", room._id).eq("role", role),
    )
    .first();
  if (known !== null && known.revokedAt === undefined) return known._id;
  return await ctx.db.insert("credentials", {
    kind: "agent",
    userId: parent.userId,
    label: `${role} in ${room.name}`,
    roomId: room._id,
    role,
    parentId: parent._id,
  });
}

/** Apart from the credential, so that no exchange invalidates what every access check reads. */
async function noteUse(ctx: MutationCtx, credential: Doc<"credentials">): Promise<void> {
  const lastUsedAt = Date.now();
  const use = await ctx.db
    .query("credentialUses")
    .withIndex("by_credentialId", (q) => q.eq("credentialId", credential._id))
    .unique();
  if (use === null)
    await ctx.db.insert("credentialUses", { credentialId: credential._id, lastUsedAt });
  else if (lastUsedAt - use.lastUsedAt >= HOUR_MS)
    await ctx.db.patch("credentialUses", use._id, { lastUsedAt });
}

/** Works at once, also for the seats taken with it: every call reads the row and its parent. */
export async function revoke(ctx: MutationCtx, credential: Doc<"credentials">): Promise<null> {
  await ctx.db.patch("credentials", credential._id, { revokedAt: Date.now() });
  return null;
}

/** Revokes what a machine had, because a new secret replaces it. */
export async function revokeOfMachine(ctx: MutationCtx, machineId: Id<"machines">): Promise<void> {
  const old = await ctx.db
    .query("credentials")
    .withIndex("by_machineId", (q) => q.eq("machineId", machineId))
    .order("desc")
    .take(64);
  for (const credential of old)
    if (credential.revokedAt === undefined) await revoke(ctx, credential);
}

/** Whoever speaks for this role, started by a machine or sat down by a person, does so no longer. */
export async function revokeOfRole(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
  role: string,
): Promise<void> {
  const known = await ctx.db
    .query("credentials")
    .withIndex("by_roomId_and_role_and_epoch", (q) => q.eq("roomId", roomId).eq("role", role))
    .order("desc")
    .take(256);
  for (const credential of known)
    if (credential.revokedAt === undefined) await revoke(ctx, credential);
}

/**
 * The generation of the role's last start by a machine, or one more when somebody else has sat down since: known without
 * the row that its work writes. 0 when no machine has started it.
 */
export async function lastStart(ctx: QueryCtx, roomId: Id<"rooms">, role: string): Promise<number> {
  const started = await ctx.db
    .query("credentials")
    .withIndex("by_roomId_and_role_and_epoch", (q) =>
      q.eq("roomId", roomId).eq("role", role).gt("epoch", 0),
    )
    .order("desc")
    .first();
  if (started?.epoch === undefined) return 0;
  return started.supersededAt === undefined ? started.epoch : started.epoch + 1;
}

/** The role's generation is over, and with it what its process could say. */
export async function supersede(
  ctx: MutationCtx,
  { roomId, role, epoch }: Pick<Doc<"participants">, "roomId" | "role" | "epoch">,
): Promise<void> {
  const past = await ctx.db
    .query("credentials")
    .withIndex("by_roomId_and_role_and_epoch", (q) =>
      q.eq("roomId", roomId).eq("role", role).eq("epoch", epoch),
    )
    .unique();
  if (past !== null) await ctx.db.patch("credentials", past._id, { supersededAt: Date.now() });
}

/**
 * Forgets the credentials of starts long past. The last ones stay, so that a process of one of them still hears
 * that it was superseded.
 */
export async function forgetOldStarts(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
  role: string,
  epoch: number,
): Promise<void> {
  const old = await ctx.db
    .query("credentials")
    .withIndex("by_roomId_and_role_and_epoch", (q) =>
      q
        .eq("roomId", roomId)
        .eq("role", role)
        .gt("epoch", 0)
        .lt("epoch", epoch - STARTS_KEPT),
    )
    .take(STARTS_KEPT);
  for (const { _id } of old) await ctx.db.delete("credentials", _id);
}

/** Who somebody is, in their own eyes. */
export async function describe(ctx: QueryCtx, { credential, user }: Principal) {
  const { kind, roomId, role, machineId } = credential;
  const room = roomId === undefined ? null : await ctx.db.get("rooms", roomId);
  const machine = machineId === undefined ? null : await ctx.db.get("machines", machineId);
  return {
    kind,
    name: machine?.name ?? role ?? user.name,
    ...(room === null ? {} : { room: room.name }),
    ...(role === undefined ? {} : { role }),
    ...(machineId === undefined ? {} : { machineId }),
  };
}
