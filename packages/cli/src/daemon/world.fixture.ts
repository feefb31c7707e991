import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TimingProfile } from "@muster/core";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import { api } from "../backend/api.ts";
import { connect } from "../backend/connect.ts";
import type { Backend } from "../backend/connect.ts";
import { personCredential } from "../backend/credential.ts";
import { compiledCode, shareCompiledCode } from "../compiled-code.fixture.ts";
import { git } from "../demo/git.ts";
import { createRepository } from "../demo/repository.ts";
import { homeOf } from "../home.ts";
import type { Home } from "../home.ts";
import { startHome } from "../up/start-home.ts";
import type { RunningHome } from "../up/start-home.ts";
import { lockHolder } from "./lock.ts";
import { startDaemon } from "./start.ts";
import { stopDaemon } from "./stop.ts";

export type SeatNow = FunctionReturnType<typeof api.rooms.getTeamReadiness>["items"][number];

const SCRIPTED = fileURLToPath(
  new URL("../adapters/acp/scripted-agent.fixture.ts", import.meta.url),
);

const SPEAKS = [
  "env",
  ...Object.entries(compiledCode).map((entry) => entry.join("=")),
  process.execPath,
  SCRIPTED,
];

/** Programs of this machine for agents that have to misbehave, or just answer. */
const HARNESSES = {
  missing: { argv: ["muster-no-such-program"] },
  hands: { argv: ["sh", "-c", "cat > prompt; muster handoff --to user 'The net is mended.'"] },
  answers: { argv: ["sh", "-c", "cat > prompt; echo 'The net is mended.'"] },
  patient: {
    argv: [
      "sh",
      "-c",
      "echo begun >> begun; until [ -e go ]; do sleep 0.05; done; touch done; echo 'The net is mended.'",
    ],
  },
  waits: { argv: ["sh", "-c", "cat > prompt; until [ -e go ]; do sleep 0.02; done; echo Mended."] },
  fails: { argv: ["sh", "-c", "echo 'no key' >&2; exit 3"] },
  dies: { argv: ["sh", "-c", "kill -9 $$"] },
  scripted: { adapter: "acp", argv: SPEAKS },
  hurried: { adapter: "acp", argv: SPEAKS, silenceMs: 2_000 },
  mute: { adapter: "acp", argv: [...SPEAKS, "mute"] },
  works: { argv: ["sh", "-c", "setsid sleep 1000 & exec sleep 1000"] },
};

const BARE = { data: undefined, daemon: false, demo: false, progress: () => {} };

/** A real backend, a real person and a home of their own; the daemon is real, too, and started by the test. */
export class World {
  readonly home: Home;
  up: RunningHome;
  readonly person: Backend;
  readonly #env: NodeJS.ProcessEnv;
  readonly #rooms: Room[] = [];

  private constructor(home: Home, up: RunningHome, person: Backend, env: NodeJS.ProcessEnv) {
    this.home = home;
    this.up = up;
    this.person = person;
    this.#env = env;
  }

  static async begin(timing: TimingProfile = "test"): Promise<World> {
    const home = homeOf({ MUSTER_HOME: await mkdtemp(join(tmpdir(), "muster-world-")) });
    shareCompiledCode(home);
    const harnesses = JSON.stringify({ harnesses: HARNESSES });
    await writeFile(join(home.root, "harnesses.json"), harnesses, { mode: 0o600 });
    const { PATH } = process.env;
    const env = { PATH, HOME: home.root, MUSTER_TIMING: timing, MUSTER_DEMO_PACE_MS: "60" };
    const up = await startHome({ home, env, ...BARE, port: 0, sitePort: 0 }).catch(
      async (error: unknown) => {
        await rm(home.root, { recursive: true, force: true });
        throw error;
      },
    );
    const credential = await personCredential(home, up.url);
    if (credential === null) throw new Error("nobody is signed in");
    return new World(home, up, connect({ home, credential }), env);
  }

  async startDaemon(): Promise<void> {
    await startDaemon({ home: this.home, env: this.#env, url: this.up.url });
  }

  /** SIGKILL: as if its computer had no mercy. SIGSTOP and SIGCONT: as if it were suspended. */
  async signalDaemon(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void> {
    const holder = await lockHolder(this.home);
    if (holder !== null) process.kill(holder.pid, signal);
  }

  /** The backend ends and comes back on the same data and ports, after `meanwhile`. */
  async restartBackend(meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const [port, sitePort] = [this.up.url, this.up.siteUrl].map((url) => Number(new URL(url).port));
    await this.up.stop();
    await meanwhile();
    const ports = { port: port ?? 0, sitePort: sitePort ?? 0 };
    this.up = await startHome({ home: this.home, env: this.#env, ...BARE, ...ports });
  }

  async end(): Promise<void> {
    await stopDaemon(this.home);
    await this.person.close();
    await this.up.stop();
    await rm(this.home.root, { recursive: true, force: true, maxRetries: 5 });
  }

  /** A room over a repository of its own with agents that are wanted running. */
  async room(agents: Readonly<Record<string, string>>): Promise<Room> {
    const roles = Object.keys(agents);
    const name = `harbor-${randomUUID().slice(0, 8)}`;
    await this.person.mutate(api.rooms.create, { name, team: roles, key: randomUUID() });
    const workingDir = join(this.home.demo, name);
    await mkdir(this.home.demo, { recursive: true, mode: 0o700 });
    await createRepository(workingDir);
    for (const [role, harness] of Object.entries(agents)) {
      const agent = { room: name, role, type: "remote", harness, workingDir } as const;
      await this.person.mutate(api.agents.add, agent);
    }
    const room = new Room(this.person, name, workingDir, roles);
    this.#rooms.push(room);
    return room;
  }

  /** No daemon, and nobody who is wanted: the next test begins as on the first day. */
  async retire(): Promise<void> {
    await stopDaemon(this.home);
    for (const room of this.#rooms.splice(0)) {
      for (const role of room.roles) {
        if ((await room.seat(role)).type !== null) await room.order("stop", role);
      }
    }
  }
}

/** A room as its person sees it. */
export class Room {
  readonly #person: Backend;
  readonly name: string;
  readonly workingDir: string;
  readonly roles: readonly string[];

  constructor(person: Backend, name: string, workingDir: string, roles: readonly string[]) {
    this.roles = roles;
    this.#person = person;
    this.name = name;
    this.workingDir = workingDir;
  }

  async send(text: string): Promise<string> {
    const message = { room: this.name, text, key: randomUUID() };
    return (await this.#person.mutate(api.messages.send, message)).taskId;
  }

  async order(verb: "start" | "stop" | "kill", role: string): Promise<void> {
    await this.#person.mutate(api.agents[verb], { room: this.name, role });
  }

  async seat(role: string): Promise<SeatNow> {
    const { items } = await this.#person.query(api.rooms.getTeamReadiness, { room: this.name });
    return seatIn(items, role);
  }

  /** The role as soon as it has one of these statuses, seen by subscription; with all that it showed before. */
  async until(
    role: string,
    ...statuses: readonly string[]
  ): Promise<{ now: SeatNow; seen: string[] }> {
    const seen: string[] = [];
    const now = await this.first(api.rooms.getTeamReadiness, { room: this.name }, ({ items }) => {
      const seat = seatIn(items, role);
      if (seen.at(-1) !== seat.agentStatus) seen.push(seat.agentStatus);
      return statuses.includes(seat.agentStatus) ? seat : null;
    });
    return { now, seen };
  }

  /** The first message that `wanted` accepts. */
  async message(
    wanted: (message: { text: string; target: string | null; type: string }) => boolean,
  ) {
    return await this.first(
      api.messages.list,
      { room: this.name },
      ({ items }) => items.find(wanted) ?? null,
    );
  }

  /** Switches the room's schedules on and gives a role a heartbeat, or a prompt: now, and next in an hour. */
  async schedule(role: string, prompt?: string): Promise<void> {
    const { name: room } = this;
    await this.#person.mutate(api.schedules.configure, { room, on: true });
    const cadence = { type: "interval", everyMs: 3_600_000 } as const;
    const what =
      prompt === undefined ? { kind: "heartbeat" as const } : { kind: "prompt" as const, prompt };
    const schedule = { room, role, name: "watch", cadence, ...what, key: randomUUID() };
    await this.#person.mutate(api.schedules.add, schedule);
  }

  /** The first tick that has come to this. */
  async tickThat(has: "skipped" | "ended") {
    const ticks = { room: this.name, schedule: "watch" };
    return await this.first(
      api.schedules.ticks,
      ticks,
      ({ items }) => items.find(({ status }) => status === has) ?? null,
    );
  }

  /** One tick by hand. */
  async tick() {
    const run = { room: this.name, schedule: "watch", key: randomUUID() };
    return await this.#person.mutate(api.schedules.run, run);
  }

  /** How many messages begin like this: work that is done twice tells of it twice. */
  async timesSaid(beginning: string): Promise<number> {
    const { items } = await this.#person.query(api.messages.list, { room: this.name });
    return items.filter(({ text }) => text.startsWith(beginning)).length;
  }

  async taskStatus(taskId: string): Promise<string> {
    return (await this.#person.query(api.tasks.get, { room: this.name, taskId })).status;
  }

  /** What happened to a role, oldest first. */
  async history(role: string): Promise<string[]> {
    const { items } = await this.#person.query(api.participants.events, { room: this.name, role });
    return items
      .filter(({ accepted }) => accepted)
      .map(({ event }) => event)
      .toReversed();
  }

  /** The commits that the demo's builder has made here. */
  async plans(): Promise<string[]> {
    return (await git(this.workingDir, "log", "--format=%H", "--grep=^Muster-Task:")).split("\n");
  }

  /** What `find` finds in the first result of a query that has it. */
  async first<F extends FunctionReference<"query">, T>(
    ref: F,
    args: FunctionArgs<F>,
    find: (value: FunctionReturnType<F>) => T | null,
  ): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const look = (value: FunctionReturnType<F>) => {
        const found = find(value);
        if (found === null) return;
        setImmediate(() => stop());
        resolve(found);
      };
      const stop = this.#person.watch(ref, args, look, reject);
    });
  }
}

function seatIn(items: readonly SeatNow[], role: string): SeatNow {
  const seat = items.find((item) => item.role === role);
  if (seat === undefined) throw new Error(`there is no ${role}`);
  return seat;
}
