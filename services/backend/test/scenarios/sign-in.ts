import { expect } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import { addRemote, newKey, openHarbor, refusalOf, signIn, sit, startRemote } from "../cast.ts";
import type { Scenarios } from "../home.ts";

const room = "harbor";

export const signIns: Scenarios = {
  "a sign-in code is good once and makes a credential that can be revoked at once": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    const { code } = await harbor.ada.mutation(api.auth.createCode, {});
    const { secret, name } = await home.nobody.action(api.auth.redeemCode, {
      code,
      label: "browser",
    });
    expect(name).toBe("ada");
    const browser = await signIn(home, secret);
    expect(await browser.query(api.auth.whoami, {})).toEqual({ kind: "person", name: "ada" });
    const again = home.nobody.action(api.auth.redeemCode, { code, label: "thief" });
    expect(await refusalOf(again)).toBe("expired");
    const seated = await signIn(home, secret, { room, role: "planner" });
    await browser.mutation(api.auth.signOut, {});
    expect(await refusalOf(browser.query(api.rooms.list, {}))).toBe("not_signed_in");
    expect(await refusalOf(seated.query(api.tasks.next, { room, role: "planner" }))).toBe(
      "not_signed_in",
    );
    expect(await refusalOf(signIn(home, secret))).toBe("not_signed_in");
    expect((await harbor.ada.query(api.rooms.list, {})).items).toHaveLength(1);
  },

  "a code dies of five wrong tries, and of age": async (home) => {
    const harbor = await openHarbor(home);
    const { code } = await harbor.ada.mutation(api.auth.createCode, {});
    const redeem = (given: string) =>
      refusalOf(home.nobody.action(api.auth.redeemCode, { code: given, label: "browser" }));
    const wrong = `${code.split("-")[0]}-0000`;
    for (let tries = 0; tries < 5; tries += 1) expect(await redeem(wrong)).toBe("expired");
    expect(await redeem(code)).toBe("expired");
    const { code: old } = await harbor.ada.mutation(api.auth.createCode, {});
    await home.advance(10 * 60_000);
    expect(await redeem(old)).toBe("expired");
  },

  "bootstrap again keeps owner and machine and lets in by a fresh code": async (home) => {
    const harbor = await openHarbor(home);
    const again = await home.admin.mutation(internal.users.bootstrap, {
      owner: "renamed",
      machine: "mini",
      mintPerson: false,
      mintMachine: false,
    });
    expect(Object.keys(again)).toEqual(["code"]);
    const redeemed = await home.nobody.action(api.auth.redeemCode, { ...again, label: "browser" });
    expect(redeemed.name).toBe("ada");
    expect((await harbor.ada.query(api.machines.list, {})).items).toHaveLength(1);
  },

  "no made-up, empty or oversized secret becomes a token": async (home) => {
    await openHarbor(home);
    for (const secret of ["", "undefined", "muster_0", "x".repeat(100_000)])
      expect(await refusalOf(home.nobody.action(api.auth.exchange, { secret }))).toBe(
        "not_signed_in",
      );
  },

  "a person may sit down only in a role that the room has": async (home) => {
    const harbor = await openHarbor(home);
    expect(await refusalOf(sit(harbor, "reviewer"))).toBe("not_found");
    const { caller } = await sit(harbor, "planner");
    expect(await caller.query(api.auth.whoami, {})).toEqual({
      kind: "agent",
      name: "planner",
      room,
      role: "planner",
    });
    expect(await harbor.seat("planner")).toMatchObject({ type: "custom", agentStatus: "ready" });
  },

  "a started agent speaks for its role in its room until its epoch ends": async (home) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const first = await startRemote(harbor, "builder");
    await harbor.ada.mutation(api.rooms.create, { name: "dock", team: ["builder"], key: newKey() });
    const elsewhere = first.caller.query(api.tasks.next, { room: "dock", role: "builder" });
    expect(await refusalOf(elsewhere)).toBe("not_found");
    await sit(harbor, "builder", "a person took over");
    expect(await refusalOf(first.caller.query(api.rooms.get, { room }))).toBe("superseded");
  },

  "two rooms with the same roles share nothing": async (home) => {
    const harbor = await openHarbor(home);
    const dock = await harbor.ada.mutation(api.rooms.create, {
      name: "dock",
      team: ["planner"],
      key: newKey(),
    });
    await sit(harbor, "planner");
    await harbor.send("plan");
    const there = await harbor.ada.query(api.rooms.getTeamReadiness, { room: dock.roomId });
    expect(there.items).toMatchObject([{ role: "planner", agentStatus: "offline", type: null }]);
    expect((await harbor.ada.query(api.tasks.list, { room: "dock" })).items).toEqual([]);
    const taken = { name: "dock", team: ["planner"], key: newKey() };
    expect(await refusalOf(harbor.ada.mutation(api.rooms.create, taken))).toBe("conflict");
  },

  "a text over its limit and a malformed name are refused with their kind": async (home) => {
    const harbor = await openHarbor(home);
    expect(await refusalOf(harbor.send("x".repeat(64 * 1024 + 1)))).toBe("too_large");
    expect(await refusalOf(harbor.send("  "))).toBe("invalid");
    expect(await refusalOf(harbor.send("hello", "user"))).toBe("invalid");
    expect(await refusalOf(harbor.send("hello", "reviewer"))).toBe("not_found");
    const bad = { name: "Harbor!", team: ["planner"], key: newKey() };
    expect(await refusalOf(harbor.ada.mutation(api.rooms.create, bad))).toBe("invalid");
    const agent = { room, role: "planner", type: "custom", harness: "demo" } as const;
    const lines = { ...agent, workingDir: "/tmp\n/etc" };
    expect(await refusalOf(harbor.ada.mutation(api.agents.add, lines))).toBe("invalid");
    expect(await refusalOf(harbor.ada.query(api.tasks.get, { room, taskId: "nonsense" }))).toBe(
      "not_found",
    );
  },
};
