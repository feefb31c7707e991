import type { Doc, Id } from "../../_generated/dataModel.js";
import type { MutationCtx } from "../../_generated/server.js";
import { notice } from "../rooms/messages.ts";

/** So many machines that fall silent at once have something in common. */
const TOGETHER = 3;
const MAX_AGENTS = 256;

/** When several machines were lost in one run of the deadline worker, the rooms whose agents they run are told. */
export async function tellOutage(
  ctx: MutationCtx,
  lost: readonly Doc<"machines">[],
): Promise<void> {
  if (lost.length < TOGETHER) return;
  const rooms = new Map<Id<"rooms">, Set<string>>();
  for (const machine of lost)
    for (const roomId of await roomsOf(ctx, machine))
      rooms.set(roomId, (rooms.get(roomId) ?? new Set()).add(machine.name));
  for (const [roomId, names] of rooms) {
    const text = `${lost.length} machines fell silent at once, ${[...names].join(", ")} of this room among them: that looks like a network or power failure. Where one runs, this brings it back: muster machine daemon start`;
    await notice(ctx, roomId, text);
  }
}

async function roomsOf(ctx: MutationCtx, machine: Doc<"machines">): Promise<Set<Id<"rooms">>> {
  const agents = await ctx.db
    .query("agents")
    .withIndex("by_machineId", (q) => q.eq("machineId", machine._id))
    .take(MAX_AGENTS);
  return new Set(agents.map(({ roomId }) => roomId));
}
