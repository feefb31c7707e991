import { ConvexClient } from "convex/browser";
import { api, newKey, signIn } from "./caller.ts";
import { sharedNow } from "./load.ts";

/**
 * An agent that waits in a process of its own: watches its next task by the sync socket, claims it by HTTP, tells its parent
 * when the claim was acknowledged, and ends the task. The secret comes over the channel, never in an argument.
 */
export type ToWaiter = { readonly url: string; readonly secret: string; readonly room: string };
export type FromWaiter =
  | { readonly kind: "waiting" }
  | { readonly kind: "claimed"; readonly at: number }
  | { readonly kind: "free" };

const role = "planner";

function say(news: FromWaiter): void {
  process.send?.(news);
}

async function wait({ url, secret, room }: ToWaiter): Promise<void> {
  const { client, token } = await signIn(url, secret, { room, role });
  const seat = { room, role };
  const holderId = `waiter-${process.pid}`;
  const { epoch, nextBeatMs } = await client.mutation(api.participants.join, { ...seat, holderId });
  const beat = async () =>
    await client.mutation(api.participants.heartbeat, { ...seat, epoch, holderId });
  setInterval(() => void beat(), nextBeatMs);

  const claim = async (taskId: string): Promise<void> => {
    const claimed = await client.mutation(api.tasks.claim, { ...seat, taskId, epoch, holderId });
    say({ kind: "claimed", at: sharedNow() });
    const held = { ...seat, taskId, epoch, token: claimed.token };
    await client.mutation(api.tasks.start, held);
    await client.mutation(api.tasks.complete, { ...held, key: newKey() });
    say({ kind: "free" });
  };
  const socket = new ConvexClient(url, { skipConvexDeploymentUrlCheck: true, logger: false });
  socket.setAuth(async () => token);
  let last: string | null = null;
  let first = true;
  socket.onUpdate(api.tasks.next, seat, (offered) => {
    if (first) say({ kind: "waiting" });
    first = false;
    if (offered === null || offered.taskId === last) return;
    last = offered.taskId;
    void claim(offered.taskId);
  });
}

process.once("disconnect", () => process.exit());
process.on("unhandledRejection", (error) => {
  console.error(error);
  process.exit(1);
});
process.once("message", (message) => void wait(message as ToWaiter));
