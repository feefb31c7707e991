import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";
import { notFound, refusal } from "../refusal.ts";
import { RIGHTS } from "../validators.ts";

type Ctx = QueryCtx | MutationCtx;
export type Right = Doc<"members">["rights"][number];

export type Caller = {
  readonly credential: Doc<"credentials">;
  /** In whose name request keys are kept. */
  readonly scope: string;
};
export type Principal = Caller & { readonly user: Doc<"users"> };
export type Member = Principal & {
  readonly room: Doc<"rooms">;
  readonly rights: readonly Right[];
};
export type Approver = Member & { readonly approval: Doc<"approvals"> };
export type Carrier = Principal & { readonly delivery: Doc<"deliveries"> };
export type Seated = Caller & {
  readonly room: Doc<"rooms">;
  readonly role: string;
};
export type Operator = Caller & { readonly machine: Doc<"machines"> };
export type SeatOperator = Operator & {
  readonly room: Doc<"rooms">;
  readonly agent: Doc<"agents">;
};

/** Whoever calls: the token's subject is a credential, whose row is read on every call. */
async function requireCaller(ctx: Ctx): Promise<Caller> {
  const identity = await ctx.auth.getUserIdentity();
  const id = identity === null ? null : ctx.db.normalizeId("credentials", identity.subject);
  const credential = id === null ? null : await ctx.db.get("credentials", id);
  if (credential === null || !(await stands(ctx, credential))) throw notSignedIn();
  const scope =
    credential.kind === "agent"
      ? `${credential.roomId ?? ""}/${credential.role ?? ""}`
      : credential.userId;
  return { credential, scope };
}

/** Whoever calls, with the person behind it. What agents and machines do most needs no name. */
export async function requirePrincipal(ctx: Ctx): Promise<Principal> {
  const caller = await requireCaller(ctx);
  const user = await ctx.db.get("users", caller.credential.userId);
  if (user === null) throw notSignedIn();
  return { ...caller, user };
}

/** Whether neither the credential nor the one it came from was revoked. */
export async function stands(ctx: Ctx, credential: Doc<"credentials">): Promise<boolean> {
  if (credential.revokedAt !== undefined) return false;
  if (credential.parentId === undefined) return true;
  const parent = await ctx.db.get("credentials", credential.parentId);
  return parent !== null && parent.revokedAt === undefined;
}

/** The caller is a person. */
export async function requirePerson(ctx: Ctx): Promise<Principal> {
  const principal = await requirePrincipal(ctx);
  if (principal.credential.kind !== "person") throw notAllowed("This is for people.");
  return principal;
}

/**
 * The caller is a person who may enter the room and, when asked for, has the right: in a room that is archived there is
 * nothing but reading.
 *
 * @throws `archived` when a right is asked for and the room is archived
 */
export async function requireMember(ctx: Ctx, room: string, right?: Right): Promise<Member> {
  const person = await requirePerson(ctx);
  const member = await membership(ctx, person.user, room);
  if (right !== undefined) requireRight(member, right);
  if (right !== undefined) requireNotArchived(member.room);
  return { ...person, ...member };
}

/** The caller may say whether the room is open, be it archived or not. */
export async function requireKeeper(ctx: Ctx, room: string): Promise<Member> {
  const person = await requirePerson(ctx);
  const member = await membership(ctx, person.user, room);
  requireRight(member, "manage");
  return { ...person, ...member };
}

function requireNotArchived({ name, archivedAt }: Doc<"rooms">): void {
  if (archivedAt === undefined) return;
  throw refusal("archived", `The room ${name} is archived.`, `muster room unarchive ${name}`);
}

function requireRight({ room, rights }: Membership, right: Right): void {
  if (!rights.includes(right))
    throw notAllowed(`You may enter ${room.name}, but you lack the right "${right}" there.`);
}

/** The caller may answer this question: to everybody who is not in its room it does not exist. */
export async function requireApprover(ctx: Ctx, approvalId: string): Promise<Approver> {
  const person = await requirePerson(ctx);
  const id = ctx.db.normalizeId("approvals", approvalId);
  const approval = id === null ? null : await ctx.db.get("approvals", id);
  const member = approval === null ? null : await memberOf(ctx, person.user, approval.roomId);
  if (approval === null || member === null)
    throw notFound(`question "${approvalId}"`, "muster approvals");
  // To say something is everybody's who may write; to allow something is not.
  requireRight(member, approval.kind === "question" ? "send" : "approve");
  requireNotArchived(member.room);
  return { ...person, ...member, approval };
}

/** The caller carries deliveries: a person their own dashboard's, a machine those of its channels. */
export async function requireOutbox(ctx: Ctx): Promise<Principal> {
  const principal = await requirePrincipal(ctx);
  if (principal.credential.kind === "agent") throw notAllowed("This is for people and machines.");
  return principal;
}

/** The caller may claim and report this delivery. To everybody else it does not exist. */
export async function requireCarrier(ctx: Ctx, deliveryId: string): Promise<Carrier> {
  const principal = await requireOutbox(ctx);
  const { machineId } = principal.credential;
  const delivery = await deliveryOf(ctx, deliveryId);
  const own =
    machineId === undefined
      ? delivery.userId === principal.user._id && delivery.carrierId === undefined
      : delivery.carrierId === machineId;
  if (!own) throw noDelivery(deliveryId);
  return { ...principal, delivery };
}

/** The caller is the person whom this delivery is for. */
export async function requireRecipient(ctx: Ctx, deliveryId: string): Promise<Carrier> {
  const person = await requirePerson(ctx);
  const delivery = await deliveryOf(ctx, deliveryId);
  if (delivery.userId !== person.user._id) throw noDelivery(deliveryId);
  return { ...person, delivery };
}

async function deliveryOf(ctx: Ctx, deliveryId: string): Promise<Doc<"deliveries">> {
  const id = ctx.db.normalizeId("deliveries", deliveryId);
  const delivery = id === null ? null : await ctx.db.get("deliveries", id);
  if (delivery === null) throw noDelivery(deliveryId);
  return delivery;
}

/** The caller may end this notice of a room. To everybody who is not in it it does not exist. */
export async function requireNotice(
  ctx: Ctx,
  noticeId: string,
): Promise<Principal & { readonly notice: Doc<"notices"> }> {
  const person = await requirePerson(ctx);
  const id = ctx.db.normalizeId("notices", noticeId);
  const notice = id === null ? null : await ctx.db.get("notices", id);
  const member =
    notice?.roomId === undefined ? null : await memberOf(ctx, person.user, notice.roomId);
  if (notice === null || member === null) throw notFound(`notice "${noticeId}"`);
  requireRight(member, "send");
  return { ...person, notice };
}

/** The caller is a member of the room or holds one of its seats. */
export async function requireRoomReader(ctx: Ctx, room: string): Promise<Member> {
  const principal = await requirePrincipal(ctx);
  if (principal.credential.kind === "person")
    return { ...principal, ...(await membership(ctx, principal.user, room)) };
  const seated = await requireSeat(ctx, principal, room, false);
  return { ...principal, room: seated, rights: [] };
}

/**
 * The caller speaks for this role of this room. A started agent's credential dies with its epoch
 * (`superseded`), and in an archived room nobody acts (`archived`); with `pastEpoch` it may still hear that.
 */
export async function requireAgent(
  ctx: Ctx,
  room: string,
  role: string,
  { pastEpoch = false }: { readonly pastEpoch?: boolean } = {},
): Promise<Seated> {
  const caller = await requireCaller(ctx);
  const own = await requireSeat(ctx, caller, room, pastEpoch);
  if (!pastEpoch) requireNotArchived(own);
  if (caller.credential.role !== role)
    throw notAllowed(`You speak for ${caller.credential.role ?? "nobody"}, not for ${role}.`);
  return { ...caller, room: own, role };
}

/** The caller is a machine's daemon. */
export async function requireMachine(ctx: Ctx): Promise<Operator> {
  const caller = await requireCaller(ctx);
  const { kind, machineId } = caller.credential;
  const machine =
    kind === "machine" && machineId !== undefined ? await ctx.db.get("machines", machineId) : null;
  if (machine === null) throw notAllowed("This is for machines.");
  return { ...caller, machine };
}

/** The caller is the machine that this role's agent is assigned to. */
export async function requireMachineOf(
  ctx: Ctx,
  room: string,
  role: string,
): Promise<SeatOperator> {
  const operator = await requireMachine(ctx);
  const agent = await assignedAgent(ctx, operator.machine, room, role);
  const own = agent === null ? null : await ctx.db.get("rooms", agent.roomId);
  if (agent === null || own === null) throw notFound(`agent ${role} of this machine`);
  return { ...operator, room: own, agent };
}

/** The role's agent when it is this machine's, the room given by id or name; else null. */
export async function assignedAgent(
  ctx: Ctx,
  machine: Doc<"machines">,
  room: string,
  role: string,
): Promise<Doc<"agents"> | null> {
  const roomId = ctx.db.normalizeId("rooms", room);
  if (roomId !== null) {
    const agent = await ctx.db
      .query("agents")
      .withIndex("by_roomId_and_role", (q) => q.eq("roomId", roomId).eq("role", role))
      .unique();
    return agent?.machineId === machine._id ? agent : null;
  }
  return (await assignedAgents(ctx, machine))(room, role);
}

/** Finds this machine's agents as `assignedAgent` does, for many at once: every agent and every room is read one time. */
export async function assignedAgents(
  ctx: Ctx,
  machine: Doc<"machines">,
): Promise<(room: string, role: string) => Doc<"agents"> | null> {
  const agents = await ctx.db
    .query("agents")
    .withIndex("by_machineId", (q) => q.eq("machineId", machine._id))
    .take(256);
  const names = new Map<Id<"rooms">, string | undefined>();
  for (const { roomId } of agents)
    if (!names.has(roomId)) names.set(roomId, (await ctx.db.get("rooms", roomId))?.name);
  return (room, role) =>
    agents.find(
      (agent) => agent.role === role && (agent.roomId === room || names.get(agent.roomId) === room),
    ) ?? null;
}

/** A person's credential may be exchanged for this seat. */
export async function requireSeatable(
  ctx: Ctx,
  credential: Doc<"credentials">,
  seat: { readonly room: string; readonly role: string },
): Promise<Doc<"rooms">> {
  const user = await ctx.db.get("users", credential.userId);
  if (user === null) throw notSignedIn();
  if (credential.kind !== "person") throw notAllowed("Only a person may sit down in a role.");
  const { room, rights } = await membership(ctx, user, seat.room);
  if (!rights.includes("seat")) throw notAllowed(`You may not seat agents in ${room.name}.`);
  requireNotArchived(room);
  requireInTeam(room, seat.role);
  return room;
}

/** @throws `not_found` with the roles that there are */
export function requireInTeam(room: Doc<"rooms">, role: string): void {
  if (!room.team.includes(role))
    throw notFound(`role "${role}"`, `The roles of ${room.name} are ${room.team.join(", ")}.`);
}

type Membership = { readonly room: Doc<"rooms">; readonly rights: readonly Right[] };

/** By name or id. @throws `not_found` also for a room of others */
async function membership(ctx: Ctx, user: Doc<"users">, name: string): Promise<Membership> {
  const roomId = ctx.db.normalizeId("rooms", name);
  const found =
    roomId === null ? await memberByName(ctx, user, name) : await memberOf(ctx, user, roomId);
  if (found === null) throw noRoom(name);
  return found;
}

async function memberByName(
  ctx: Ctx,
  user: Doc<"users">,
  name: string,
): Promise<Membership | null> {
  const member = await ctx.db
    .query("members")
    .withIndex("by_userId_and_roomName", (q) => q.eq("userId", user._id).eq("roomName", name))
    .first();
  return await rightsOf(ctx, member);
}

async function memberOf(
  ctx: Ctx,
  user: Doc<"users">,
  roomId: Id<"rooms">,
): Promise<Membership | null> {
  return await rightsOf(ctx, await memberIn(ctx, user._id, roomId));
}

async function memberIn(
  ctx: Ctx,
  userId: Id<"users">,
  roomId: Id<"rooms">,
): Promise<Doc<"members"> | null> {
  return await ctx.db
    .query("members")
    .withIndex("by_roomId_and_userId", (q) => q.eq("roomId", roomId).eq("userId", userId))
    .first();
}

async function rightsOf(ctx: Ctx, member: Doc<"members"> | null): Promise<Membership | null> {
  const room = member === null ? null : await ctx.db.get("rooms", member.roomId);
  if (member === null || room === null) return null;
  return { room, rights: rightsIn(room, member) };
}

/** What a member may do; the owner has every right, also one that is newer than the room. */
function rightsIn(room: Doc<"rooms">, member: Doc<"members">): readonly Right[] {
  return room.ownerId === member.userId ? RIGHTS : member.rights;
}

async function requireSeat(ctx: Ctx, caller: Caller, name: string, pastEpoch: boolean) {
  const { kind, roomId, role, epoch, parentId } = caller.credential;
  if (kind !== "agent" || roomId === undefined || role === undefined)
    throw notAllowed("This is for whoever sits in a role.");
  const room = await ctx.db.get("rooms", roomId);
  if (room === null || (room._id !== name && room.name !== name)) throw noRoom(name);
  if (epoch === undefined) await requireMaySeat(ctx, caller, room);
  else if (!pastEpoch) requireNotSuperseded(caller.credential, room, role);
  if (parentId === undefined) throw notSignedIn();
  return room;
}

/** A seat that a person exchanged for stands as long as that person may seat agents. */
async function requireMaySeat(ctx: Ctx, caller: Caller, room: Doc<"rooms">): Promise<void> {
  const member = await memberIn(ctx, caller.credential.userId, room._id);
  if (member === null) throw noRoom(room._id);
  if (!rightsIn(room, member).includes("seat"))
    throw notAllowed(`You may not seat agents in ${room.name}.`);
}

/** Its own row says it, so that no subscription of an agent runs again at every change of a participant. */
function requireNotSuperseded(
  { supersededAt }: Doc<"credentials">,
  room: Doc<"rooms">,
  role: string,
): void {
  if (supersededAt !== undefined)
    throw refusal("superseded", `Another process took the seat of ${role} in ${room.name}.`);
}

const noDelivery = (id: string) => notFound(`delivery "${id}"`);
const noRoom = (name: string) => notFound(`room "${name}"`, "muster room list");
const notAllowed = (message: string) => refusal("not_allowed", message);
const notSignedIn = () =>
  refusal("not_signed_in", "You are not signed in, or no longer.", "muster open");
