import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../_generated/server.js";

const PAGE = 200;

export type Sender = Doc<"messages">["sender"];
export const SYSTEM: Sender = { kind: "system", name: "muster" };

type Post = Pick<Doc<"messages">, "sender" | "type" | "text"> & {
  readonly target?: string;
  readonly taskId?: Id<"tasks">;
  readonly quiet?: boolean;
};

/** The room's last message; null in a room where nobody has said anything. */
export async function newest(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
): Promise<Doc<"messages"> | null> {
  return await ctx.db
    .query("messages")
    .withIndex("by_roomId_and_seq", (q) => q.eq("roomId", roomId))
    .order("desc")
    .first();
}

/**
 * Stores a message as the room's next one. Sequence numbers begin at 1 and have no gaps. Whoever has just read the
 * room's last message gives it along.
 */
export async function post(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
  message: Post,
  last?: Doc<"messages"> | null,
): Promise<Pick<Doc<"messages">, "_id" | "seq">> {
  const before = last === undefined ? await newest(ctx, roomId) : last;
  const seq = (before?.seq ?? 0) + 1;
  const _id = await ctx.db.insert("messages", { roomId, seq, at: Date.now(), ...message });
  return { _id, seq };
}

/** Tells the room what it should know although nobody said it. */
export async function notice(
  ctx: MutationCtx,
  roomId: Id<"rooms">,
  text: string,
  taskId?: Id<"tasks">,
): Promise<void> {
  await post(ctx, roomId, {
    sender: SYSTEM,
    type: "notice",
    text,
    ...(taskId === undefined ? {} : { taskId }),
  });
}

/** A page of the room's messages, ascending. */
export async function list(
  ctx: QueryCtx,
  room: Doc<"rooms">,
  page: { since?: number; before?: number; limit?: number },
) {
  const limit = Math.min(Math.max(1, Math.floor(page.limit ?? PAGE)), PAGE);
  const { since, before = Number.MAX_SAFE_INTEGER } = page;
  const range = ctx.db.query("messages").withIndex("by_roomId_and_seq", (q) =>
    q
      .eq("roomId", room._id)
      .gt("seq", since ?? 0)
      .lt("seq", before),
  );
  const found =
    since === undefined
      ? (await range.order("desc").take(limit)).toReversed()
      : await range.order("asc").take(limit);
  return found.map(view);
}

function view({ _id, seq, sender, type, text, target, taskId, at, quiet }: Doc<"messages">) {
  return {
    _id,
    seq,
    sender,
    type,
    text,
    target: target ?? null,
    taskId: taskId ?? null,
    at,
    ...(quiet === undefined ? {} : { quiet }),
  };
}
