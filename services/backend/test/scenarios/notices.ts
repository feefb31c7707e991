import { expect } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import { newKey, openHarbor, refusalOf, signIn, sit } from "../cast.ts";
import type { Scenarios } from "../home.ts";
import { FIRST, MINUTE, keepWatch, noticesOf, pass, schedule, standing } from "../schedule-cast.ts";

export const notices: Scenarios = {
  "the server's notice is there for everybody connected, and for who connects later": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "planner");
    expect(await noticesOf(harbor)).toEqual([]);
    const text = "Muster restarts in a minute.";
    const { noticeId } = await home.admin.mutation(internal.notices.announce, {
      kind: "restart",
      text,
    });
    const later = await signIn(home, harbor.adaSecret);
    for (const caller of [harbor.ada, harbor.mini, planner.caller, later])
      expect((await caller.query(api.notices.list, {})).items).toMatchObject([
        { scope: "server", kind: "restart", text, roomId: null },
      ]);
    await home.admin.mutation(internal.notices.retract, { noticeId });
    expect(await noticesOf(harbor)).toEqual([]);
  },

  "a notice with an end goes by itself, and nobody may end the server's": async (home) => {
    const harbor = await openHarbor(home);
    const { noticeId } = await home.admin.mutation(internal.notices.announce, {
      kind: "upgrade",
      text: "Muster 0.2.0 serves now.",
      endsAt: FIRST + 5 * MINUTE,
    });
    const dismissed = harbor.ada.mutation(api.notices.dismiss, { noticeId });
    expect(await refusalOf(dismissed)).toBe("not_found");
    expect(await noticesOf(harbor)).toHaveLength(1);
    await home.advance(5 * MINUTE + 1);
    expect(await noticesOf(harbor)).toEqual([]);
  },

  "a room's cap is told once, with the button, and lifts by itself": async (home) => {
    const watch = await keepWatch(home);
    const room = "harbor";
    await watch.ada.mutation(api.schedules.configure, { room, runsPerDay: 1 });
    await schedule(watch, { kind: "prompt", prompt: "hello" });
    await pass(watch, MINUTE);
    const { caller, epoch, holderId } = watch.planner;
    const next = await caller.query(api.tasks.next, { room, role: "planner" });
    const seat = { room, role: "planner", epoch };
    const taskId = next?.taskId ?? "";
    const { token } = await caller.mutation(api.tasks.claim, { ...seat, taskId, holderId });
    await caller.mutation(api.tasks.complete, { ...seat, taskId, token, key: newKey() });
    await pass(watch, 30 * MINUTE);
    await pass(watch, 30 * MINUTE);
    const capped = await noticesOf(watch);
    expect(capped).toMatchObject([{ kind: "capped", action: "configure" }]);
    expect(capped[0]?.text).toBe(
      "nightly skips its ticks: 1 run within 24 hours. It goes on by itself when that has passed.",
    );
    const noticeId = capped[0]?._id ?? "";
    await watch.ada.mutation(api.notices.dismiss, { noticeId });
    expect(await noticesOf(watch)).toEqual([]);
    await pass(watch, 23 * 60 * MINUTE);
    await pass(watch, 30 * MINUTE);
    expect((await standing(watch)).counts).toMatchObject({ wakes: 2 });
  },
};
