import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { addRemote, ask, beginTurn, newKey, openHarbor, startRemote, take } from "../cast.ts";
import type { Harbor } from "../cast.ts";
import type { Scenarios } from "../home.ts";

const MINUTE = 60_000;

/** ada opens one more room than harbor, a minute later. */
async function openDock({ home, ada }: Harbor): Promise<void> {
  await home.advance(MINUTE);
  await ada.mutation(api.rooms.create, { name: "dock", team: ["planner"], key: newKey() });
  await home.advance(MINUTE);
}

const firstRoom = async ({ ada }: Harbor) => await ada.query(api.inbox.firstRoom, {});

export const firstRooms: Scenarios = {
  "a person begins in the room where the last word was said, or the newest if nothing was": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    await openDock(harbor);
    expect(await firstRoom(harbor)).toEqual({ room: "dock" });
    await harbor.send("plan the pier");
    expect(await firstRoom(harbor)).toEqual({ room: "harbor" });
  },

  "a person begins where somebody waits for their answer, whatever is said elsewhere": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const { ada } = harbor;
    await openDock(harbor);
    await addRemote(harbor, "builder");
    const builder = await startRemote(harbor, "builder");
    await harbor.send("build", "builder");
    const { approvalId } = await ask(await beginTurn(builder, await take(builder)));
    await home.advance(1_000);
    await ada.mutation(api.messages.send, { room: "dock", text: "dig", key: newKey() });
    expect(await firstRoom(harbor)).toEqual({ room: "harbor" });
    await ada.mutation(api.approvals.answer, { approvalId, answer: "yes" });
    expect(await firstRoom(harbor)).toEqual({ room: "dock" });
  },

  "nobody begins in a room that was put away": async (home) => {
    const harbor = await openHarbor(home);
    await openDock(harbor);
    await harbor.send("plan the pier");
    await harbor.ada.mutation(api.rooms.archive, { room: "harbor" });
    expect(await firstRoom(harbor)).toEqual({ room: "dock" });
    await harbor.ada.mutation(api.rooms.archive, { room: "dock" });
    expect(await firstRoom(harbor)).toEqual({ room: null });
  },
};
