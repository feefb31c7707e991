import { expect } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  addRemote,
  ask,
  beginTurn,
  claim,
  crash,
  handOff,
  initiate,
  next,
  openHarbor,
  refusalOf,
  sit,
  startRemote,
  take,
} from "../cast.ts";
import type { Harbor } from "../cast.ts";
import type { Scenarios } from "../home.ts";

const room = "harbor";
const builder = { room, role: "builder" };
const at = "--room harbor --role builder";
const SECOND = 1_000;

async function why(harbor: Harbor, role = "builder") {
  const [found] = (await harbor.ada.query(api.rooms.explain, { room, role })).items;
  return found;
}

const kind = async (harbor: Harbor) => (await why(harbor))?.holdup?.kind;

export const explanations: Scenarios = {
  "an empty seat, a stopped agent and a machine that is away are told before anything else": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    expect(await why(harbor)).toEqual({
      role: "builder",
      ok: false,
      holdup: {
        kind: "no_agent",
        sentence: "builder has no agent yet.",
        since: null,
        command: `muster agent add ${at} --harness demo`,
        help: null,
      },
      waiting: 0,
    });
    await addRemote(harbor, "builder");
    expect(await kind(harbor)).toBe("not_started");
    await harbor.mini.mutation(api.machines.disconnect, { epoch: harbor.machineEpoch });
    await harbor.send("build", "builder");
    expect(await why(harbor)).toMatchObject({
      holdup: { kind: "machine_away", command: "muster machine daemon start" },
      waiting: 1,
    });
    await harbor.ada.mutation(api.agents.stop, builder);
    expect(await why(harbor)).toMatchObject({
      holdup: { kind: "stopped", command: `muster agent start ${at}` },
    });
    const unknown = harbor.ada.query(api.rooms.explain, { room, role: "cook" });
    expect(await refusalOf(unknown)).toBe("not_found");
  },

  "a program that is missing on its machine is told with the command that mends it": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    const problem = { message: "demo needs a key.", command: "demo login" };
    const harnesses = [{ name: "demo", version: "1", problem }];
    await harbor.mini.mutation(api.machines.offer, { epoch: harbor.machineEpoch, harnesses });
    expect((await why(harbor))?.holdup).toMatchObject({
      kind: "harness_missing",
      sentence: "demo needs a key.",
      command: "demo login",
    });
    await harbor.mini.mutation(api.machines.offer, { epoch: harbor.machineEpoch, harnesses: [] });
    expect((await why(harbor))?.holdup?.sentence).toBe('mini has no program "demo".');
  },

  "a process is followed from its start over its death to the end of its restarts": async (
    home,
  ) => {
    const harbor = await openHarbor(home);
    await addRemote(harbor, "builder");
    await initiate(harbor, "builder");
    expect(await kind(harbor)).toBe("starting");
    const process = await startRemote(harbor, "builder");
    expect(await why(harbor)).toMatchObject({ ok: true, holdup: null });
    await crash(harbor, process);
    const died = await why(harbor);
    expect(died?.holdup).toMatchObject({
      kind: "process_ended",
      sentence: "builder is dead: its process was ended by SIGSEGV. It said: segmentation fault",
      since: (await harbor.seat("builder")).lastExit?.at,
    });
    await home.advance(SECOND);
    const { epoch } = await startRemote(harbor, "builder");
    await home.advance(40 * SECOND);
    const ofMini = { epoch: harbor.machineEpoch, agents: [] };
    await harbor.mini.mutation(api.machines.daemonHeartbeat, ofMini);
    expect((await why(harbor))?.holdup).toMatchObject({
      kind: "silent",
      sentence: "builder was not heard from within its lease.",
    });
    const event = { type: "restart_exhausted", reason: "gave up after 3 starts" } as const;
    await harbor.mini.mutation(api.participants.updateAgentStatus, { ...builder, epoch, event });
    expect((await why(harbor))?.holdup).toMatchObject({
      kind: "gave_up",
      command: `muster agent start ${at}`,
    });
  },

  "of a live agent the open question comes first, then the turn, then the queue": async (home) => {
    const harbor = await openHarbor(home);
    const planner = await sit(harbor, "builder");
    const { taskId } = await harbor.send("build", "builder");
    expect(await kind(harbor)).toBe("not_taken");
    const { caller, holderId, epoch } = planner;
    await caller.mutation(api.participants.park, { ...builder, epoch, holderId });
    expect(await kind(harbor)).toBe("between_waits");
    const { claim: held } = await claim(planner);
    expect(await kind(harbor)).toBe("not_begun");
    await caller.mutation(api.tasks.start, held);
    expect(await why(harbor)).toMatchObject({ ok: true, holdup: null, waiting: 0 });
    const turn = await beginTurn(planner, held);
    await ask(turn);
    expect((await why(harbor))?.holdup).toMatchObject({
      kind: "question",
      sentence: "builder asks people: Run make?",
      command: "muster approvals --room harbor",
    });
    await harbor.ada.mutation(api.tasks.cancel, { room, taskId });
    expect(await kind(harbor)).toBe("cancelling");
  },

  "a task that comes back, is given up, or is held for people is told by the command that lets it go on":
    async (home) => {
      const harbor = await openHarbor(home);
      await addRemote(harbor, "builder");
      const { taskId } = await harbor.send("build", "builder");
      for (let attempt = 1; attempt <= 4; attempt += 1) {
        const process = await startRemote(harbor, "builder");
        if (attempt > 1) expect(await kind(harbor)).toBe("backoff");
        await home.advance(10 * SECOND);
        await take(process);
        await crash(harbor, process);
      }
      const last = await startRemote(harbor, "builder");
      expect(await next(last)).toBeNull();
      expect((await why(harbor))?.holdup).toMatchObject({
        kind: "dead_letter",
        command: `muster task retry --room harbor ${taskId}`,
        help: { action: "retry", taskId },
      });
      await home.advance(SECOND);
      await harbor.send("another", "builder");
      await handOff(last, await take(last), "user");
      expect(await why(harbor)).toMatchObject({ ok: true });
    },
};
