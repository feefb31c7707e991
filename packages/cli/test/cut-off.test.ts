import { afterAll, beforeAll, expect, test } from "vitest";
import { personCredential, writeCredential } from "../src/backend/credential.ts";
import { CUTS, CuttingLink } from "./cutting-link.ts";
import { Muster } from "./muster.ts";

let muster: Muster;
beforeAll(async () => {
  muster = new Muster();
  await muster.up([], { MUSTER_TIMING: "fast" });
});
afterAll(async () => await muster[Symbol.asyncDispose]());

/** ada on another computer, whose only line to the backend is this one. */
async function elsewhere(url: string): Promise<Muster> {
  const away = new Muster();
  const credential = await personCredential(muster.home, await muster.url());
  if (credential === null) throw new Error("nobody is signed in");
  await writeCredential(away.home.personCredential, { ...credential, backend: url });
  return away;
}

test.concurrent.each(CUTS)(
  "with %s coming through at first, a task is claimed once, handed on once and answered once",
  async (cut) => {
    const room = `pier-${CUTS.indexOf(cut)}`;
    await muster.call(["room", "create", room, "--team", "planner,builder"]);
    await using link = await CuttingLink.open(await muster.url(), cut);
    await using away = await elsewhere(link.url);
    const env = { MUSTER_URL: link.url };
    const call = async (...args: string[]) =>
      expect(await away.call([...args, "--room", room], { env })).toMatchObject({ exit: 0 });
    await call("send", "a pier, please");
    for (const [role, to] of [
      ["planner", "builder"],
      ["builder", "user"],
    ] as const) {
      const wait = ["wait-for-task", "--room", room, "--role", role];
      const taken = await away.run(wait, { env });
      expect(taken).toMatchObject({ exit: 0, data: { task: { attempt: 1 } } });
      await call("task-started", "--role", role);
      await call("handoff", "--role", role, "--to", to, `for ${to}`);
    }

    // One message; for each role a join, a claim, a park, a start and a handoff; and maybe a beat.
    expect(link.cuts).toBeGreaterThanOrEqual(11);
    const { data } = await muster.call(["messages", "--room", room]);
    const said = (data["items"] as { type: string; text: string }[]).filter(
      ({ type }) => type === "message" || type === "handoff",
    );
    expect(said.map(({ text }) => text)).toEqual(["a pier, please", "for builder", "for user"]);
    const tasks = await muster.call(["task", "list", "--room", room]);
    const statuses = (tasks.data["items"] as { status: string }[]).map(({ status }) => status);
    expect(statuses).toEqual(["completed", "completed"]);
  },
);
