import type { HeldSeat } from "./held-seat.ts";

/** The same seat, which calls `joined` after each join and before anybody goes on. */
export function onJoin(held: HeldSeat, joined: (held: HeldSeat) => Promise<void>): HeldSeat {
  return {
    get seat() {
      return held.seat;
    },
    change: async (how) => await held.change(how),
    holds: async (taskId) => await held.holds(taskId),
    park: async () => await held.park(),
    leave: async (reason) => await held.leave(reason),
    join: async (how) => {
      const answer = await held.join(how);
      await joined(held);
      return answer;
    },
  };
}
