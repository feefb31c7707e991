import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import path from "node:path";
import { AGENT_STATUSES } from "@muster/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { api } from "../src/backend/api.ts";
import { connect, type Backend } from "../src/backend/connect.ts";
import { personCredential } from "../src/backend/credential.ts";
import { createRepository } from "../src/demo/repository.ts";
import type { SeatView } from "../src/output/roster.ts";
import { Muster } from "./muster.ts";

let muster: Muster;
let person: Backend;

beforeAll(async () => {
  muster = new Muster();
  await muster.upWithDaemon({ MUSTER_DEMO_PACE_MS: "200", PATH: pathWithout("opencode") });
  const credential = await personCredential(muster.home, await muster.url());
  if (credential === null) throw new Error("nobody is signed in");
  person = connect({ home: muster.home, credential });
});
afterAll(async () => {
  await person.close();
  await muster[Symbol.asyncDispose]();
});

/** A repository that no other test changes. */
async function repositoryOf(name: string): Promise<string> {
  const directory = path.join(await realpath(muster.home.root), "repositories", name);
  await createRepository(directory);
  return directory;
}

/** As on a machine that lacks the program. */
function pathWithout(program: string): string {
  const directories = (process.env["PATH"] ?? "").split(path.delimiter);
  return directories.filter((dir) => !existsSync(path.join(dir, program))).join(path.delimiter);
}

/** A role as a client sees it that watches its room. */
class Watched implements Disposable {
  readonly seen: string[] = [];
  readonly #stop: () => void;
  readonly #conditions = new Map<(seat: SeatView) => boolean, (seat: SeatView) => void>();
  #now: SeatView | null = null;
  /** Called with every new state of the role. */
  onSeat: (seat: SeatView) => void = () => undefined;

  constructor(room: string, role: string) {
    const look = ({ items }: { items: readonly SeatView[] }): void => {
      const seat = items.find((item) => item.role === role);
      if (seat === undefined) return;
      this.#now = seat;
      if (this.seen.at(-1) !== seat.agentStatus) this.seen.push(seat.agentStatus);
      this.onSeat(seat);
      this.#settle(seat);
    };
    this.#stop = person.watch(api.rooms.getTeamReadiness, { room }, look, (error) => {
      throw error;
    });
  }

  /** Resolves as soon as the role is so. */
  async until(wanted: (seat: SeatView) => boolean): Promise<SeatView> {
    return await new Promise((resolve) => {
      this.#conditions.set(wanted, resolve);
      if (this.#now !== null) this.#settle(this.#now);
    });
  }

  #settle(seat: SeatView): void {
    for (const [wanted, resolve] of this.#conditions) {
      if (!wanted(seat)) continue;
      this.#conditions.delete(wanted);
      resolve(seat);
    }
  }

  [Symbol.dispose](): void {
    this.#stop();
  }
}

const is =
  (...statuses: readonly string[]) =>
  (seat: SeatView) =>
    statuses.includes(seat.agentStatus);

test.concurrent(
  "all six statuses are seen by a client that watches the room",
  { timeout: 90_000 },
  async () => {
    const builder = ["--room", "harbor", "--role", "builder"];
    const repository = await repositoryOf("harbor");
    await muster.call(["room", "create", "harbor", "--team", "builder"]);
    using linus = new Watched("harbor", "builder");
    const added = ["--harness", "demo", "--cwd", repository, "--stopped"];
    const nowhere = ["--harness", "demo", "--cwd", `${repository}/nowhere`];
    expect(await muster.run(["agent", "add", ...builder, ...nowhere])).toMatchObject({ exit: 3 });
    expect(await muster.run(["agent", "add", ...builder, ...added])).toMatchObject({ exit: 0 });
    await linus.until(is("offline"));
    expect((await muster.run(["agent", "start", ...builder])).exit).toBe(0);
    await linus.until(is("ready"));
    await muster.run(["send", "--room", "harbor", "Write a haiku"]);
    const working = await linus.until(is("working"));

    process.kill(working.pid ?? 0, "SIGKILL");
    const dead = await linus.until(({ lastExit }) => lastExit?.signal === "SIGKILL");
    const killed = new Set([dead.pid, working.pid]);
    linus.onSeat = ({ agentStatus, pid }) => {
      if (agentStatus !== "ready" || pid === null || killed.has(pid)) return;
      killed.add(pid);
      process.kill(pid, "SIGKILL");
    };
    await linus.until(() => AGENT_STATUSES.every((status) => linus.seen.includes(status)));
    linus.onSeat = () => undefined;

    expect(linus.seen.slice(0, 2)).toEqual(["offline", "restarting"]);
    const { data, next } = await muster.call(["agent", "status", ...builder]);
    expect(data).toMatchObject({ items: [{ lastExit: { signal: "SIGKILL" } }] });
    expect(next.every((command) => command.startsWith("muster agent start "))).toBe(true);
  },
);

test.concurrent("one command opens a room over a repository and starts its whole team there", async () => {
  const repository = await repositoryOf("pier");
  const opened = await muster.run([
    "room",
    "create",
    "pier",
    "--repo",
    repository,
    "--harness",
    "demo",
  ]);
  expect(opened).toMatchObject({
    exit: 0,
    data: { name: "pier", repo: repository, warnings: [], team: ["planner", "builder"] },
    next: ['muster send --room pier "hello"', "muster room show pier"],
  });
  using ada = new Watched("pier", "planner");
  using linus = new Watched("pier", "builder");
  for (const role of [ada, linus]) {
    expect(await role.until(is("ready"))).toMatchObject({
      harness: "demo",
      workingDir: repository,
    });
  }
});

test.concurrent("an agent that is started anew has left first and did not die, and is another process then", async () => {
  const repository = await repositoryOf("quay");
  const builder = ["--room", "quay", "--role", "builder"];
  await muster.call([
    "room",
    "create",
    "quay",
    "--team",
    "builder",
    "--repo",
    repository,
    "--harness",
    "demo",
  ]);
  using linus = new Watched("quay", "builder");
  const before = await linus.until(is("ready"));
  linus.seen.length = 0;

  expect((await muster.call(["agent", "restart", ...builder])).exit).toBe(0);
  await linus.until(({ agentStatus, pid }) => agentStatus === "ready" && pid !== before.pid);

  expect(linus.seen[0]).toBe("offline");
});

test.concurrent("without a program to run, a room offers what is found here, and creates nothing", async () => {
  const repository = await repositoryOf("nets");
  const asked = ["room", "create", "nets", "--repo", repository];
  const answer = await muster.call(asked);
  expect(answer).toMatchObject({ exit: 2, error: { kind: "usage" } });
  expect(answer.error.message).toMatch(/Found on this machine: demo 1/);
  expect(answer.error.hint).toMatch(/muster room create nets --repo .* --harness /);
  expect(await muster.call(["room", "show", "nets"])).toMatchObject({ exit: 3 });
});

test.concurrent("a program that this machine lacks is refused with what there is, or with what mends it", async () => {
  const repository = await repositoryOf("sails");
  const asked = ["room", "create", "sails", "--repo", repository, "--harness"];
  expect(await muster.call([...asked, "frobnicate"])).toMatchObject({
    exit: 3,
    error: { kind: "not_found", hint: expect.stringContaining("It has: demo 1") },
  });
  const machine = await muster.call(["machine", "show"]);
  const harnesses = machine.data["harnesses"] as { name: string; problem?: { command: string } }[];
  const missing = harnesses.find(({ problem }) => problem !== undefined);
  expect(machine.next).toEqual([missing?.problem?.command]);
  expect(await muster.call([...asked, missing?.name ?? ""])).toMatchObject({
    exit: 2,
    error: { kind: "invalid", hint: `To mend it: ${missing?.problem?.command}` },
  });
});
