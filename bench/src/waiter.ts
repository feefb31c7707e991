import { ConvexClient } from "convex/browser";
import { api, newKey, signIn } from "./caller.ts";
import { sharedNow } from "./load.ts";

/**
 * Agents that wait in a process of their own: each watches its next task by a sync socket, claims it by HTTP, tells its parent when the
 * claim was acknowledged, and ends the task. The secret comes over the channel, never in an argument.
 */
export type ToWaiter = {
  readonly url: string;
  readonly secret: string;
  readonly seats: readonly Seat[];
};
export type Seat = { readonly room: string; readonly role: string };
export type FromWaiter =
  | { readonly kind: "waiting" }
  | { readonly kind: "claimed"; readonly taskId: string; readonly at: number }
  | { readonly kind: "free"; readonly taskId: string };

function say(news: FromWaiter): void {
  process.send?.(news);
}

async function wait(url: string, secret: string, seat: Seat): Promise<void> {
  const { client, token } = await signIn(url, secret, seat);
  const holderId = `waiter-${process.pid}`;
  const { epoch, nextBeatMs } = await client.mutation(api.participants.join, { ...seat, holderId });
  const beat = async () =>
    await client.mutation(api.participants.heartbeat, { ...seat, epoch, holderId });
  setInterval(() => void beat(), nextBeatMs);

  const claim = async (taskId: string): Promise<void> => {
    const claimed = await client.mutation(api.tasks.claim, { ...seat, taskId, epoch, holderId });
    say({ kind: "claimed", taskId, at: sharedNow() });
    const held = { ...seat, taskId, epoch, token: claimed.token };
    await client.mutation(api.tasks.start, held);
    await client.mutation(api.tasks.complete, { ...held, key: newKey() });
    say({ kind: "free", taskId });
  };
  const socket = new ConvexClient(url, { skipConvexDeploymentUrlCheck: true, logger: false });
  socket.setAuth(async () => token);
  let last: string | null = null;
  await new Promise<void>((resolve) => {
    socket.onUpdate(api.tasks.next, seat, (offered) => {
      resolve();
      if (offered === null || offered.taskId === last) return;
      last = offered.taskId;
      void claim(offered.taskId);
    });
  });
}

async function waitAll({ url, secret, seats }: ToWaiter): Promise<void> {
  // One after the other: to sit down is not what is measured.
  for (const seat of seats) await wait(url, secret, seat);
  say({ kind: "waiting" });
}

process.once("disconnect", () => process.exit());
process.on("unhandledRejection", (error) => {
  console.error(error);
  process.exit(1);
});
process.once("message", (message) => void waitAll(message as ToWaiter));
