import { getFunctionName } from "convex/server";
import { expect, test } from "vitest";
import type { Backend } from "./backend/connect.ts";
import { nextDelivery } from "./delivery.ts";
import { CliError } from "./errors.ts";
import type { HeldSeat } from "./held-seat.ts";
import type { Seat } from "./seat.ts";

/** A backend on a line that loses every reply to a claim, and what it was asked. */
function losingReplies() {
  const asked: { readonly name: string; readonly token: unknown }[] = [];
  const backend = {
    mutate: async (ref: never, args: { token?: string }) => {
      const name = getFunctionName(ref);
      asked.push({ name, token: args.token });
      if (name === "tasks:claim") throw new CliError("unreachable", "The line is cut.");
      return await Promise.resolve({ task: { id: "poem" } });
    },
    watch: (_ref: never, _args: never, onValue: (next: { taskId: string }) => void) => {
      onValue({ taskId: "poem" });
      return () => {};
    },
  } as unknown as Backend;
  return { backend, asked };
}

function seatInHand() {
  let seat = { roomId: "harbor", role: "planner", epoch: 1, holderId: "h" } as Seat;
  const held = {
    get seat() {
      return seat;
    },
    change: async (how: (seat: Seat) => Seat) => {
      seat = how(seat);
      return await Promise.resolve(seat);
    },
  } as unknown as HeldSeat;
  return held;
}

test("a task whose claim got no answer is taken up by the token that was kept before it was asked for", async () => {
  const { backend, asked } = losingReplies();
  const options = {
    backend,
    held: seatInHand(),
    heldTaskId: null,
    signal: new AbortController().signal,
    harness: "demo",
  };
  await expect(nextDelivery(options)).rejects.toThrow("The line is cut.");
  expect(await nextDelivery(options)).toEqual({ id: "poem" });
  expect(asked.map(({ name }) => name)).toEqual(["tasks:claim", "tasks:resume"]);
  expect(asked[1]?.token).toBe(asked[0]?.token);
});
