import { setTimeout as sleep } from "node:timers/promises";
import { api } from "../src/backend/api.ts";
import { connect, type Backend } from "../src/backend/connect.ts";
import { personCredential } from "../src/backend/credential.ts";
import { createRepository } from "../src/demo/repository.ts";
import { git } from "../src/demo/git.ts";
import type { SeatView } from "../src/output/roster.ts";
import { newKey } from "../src/text.ts";
import { Muster } from "./muster.ts";

/** How long a blow and all that comes of it may take on a busy computer. */
const PATIENCE_MS = 30_000;
const PATIENTLY = { patienceMs: PATIENCE_MS };

/** How long it took until a blow was seen, and until all was well again. */
export interface Blow {
  readonly seenMs: number | null;
  readonly backMs: number;
}

/** A room in which one agent works, watched by its person while somebody is struck. */
export class Campaign implements AsyncDisposable {
  readonly room = "harbor";
  readonly muster = new Muster();
  readonly #role: string;
  readonly #workingDir: string;
  #person: Backend | null = null;
  #seat: SeatView | null = null;
  #look: () => void = () => undefined;

  private constructor(role: string) {
    this.#role = role;
    this.#workingDir = `${this.muster.home.root}/pier`;
  }

  /** With the demo's agent in the role, or with nobody in it. */
  static async begin(role: string, agent: "demo" | "nobody"): Promise<Campaign> {
    const campaign = new Campaign(role);
    const { muster, room } = campaign;
    if (agent === "demo") await muster.upWithDaemon({ MUSTER_DEMO_PACE_MS: "100" });
    else await muster.up();
    const credential = await personCredential(muster.home, await muster.url());
    if (credential === null) throw new Error("nobody is signed in");
    campaign.#person = connect({ home: muster.home, credential });
    await muster.call(["room", "create", room, "--team", role]);
    if (agent === "demo") {
      await createRepository(campaign.#workingDir);
      const how = ["--harness", "demo", "--cwd", campaign.#workingDir];
      await muster.call(["agent", "add", "--room", room, "--role", role, ...how]);
    }
    campaign.person.watch(
      api.rooms.getTeamReadiness,
      { room },
      ({ items }) => {
        campaign.#seat = items.find((item) => item.role === role) ?? null;
        campaign.#look();
      },
      (error) => {
        throw error;
      },
    );
    return campaign;
  }

  get person(): Backend {
    if (this.#person === null) throw new Error("It has not begun.");
    return this.#person;
  }

  /** The role as soon as it is so. Rejects with what is seen instead when that takes too long. */
  async until(what: string, wanted: (seat: SeatView) => boolean): Promise<SeatView> {
    const { promise, resolve, reject } = Promise.withResolvers<SeatView>();
    const late = () =>
      reject(new Error(`never ${what}; the role is ${JSON.stringify(this.#seat)}`));
    const timer = setTimeout(late, PATIENCE_MS);
    this.#look = () => {
      if (this.#seat !== null && wanted(this.#seat)) resolve(this.#seat);
    };
    this.#look();
    return await promise.finally(() => clearTimeout(timer));
  }

  /** A person's start gives the restart budget anew, so that only the blow at hand is judged. */
  async isReady(): Promise<SeatView> {
    await this.person.mutate(api.agents.start, { room: this.room, role: this.#role }, PATIENTLY);
    return await this.until("ready", ({ agentStatus }) => agentStatus === "ready");
  }

  async send(text: string): Promise<string> {
    const message = { room: this.room, text, key: newKey() };
    return (await this.person.mutate(api.messages.send, message, PATIENTLY)).taskId;
  }

  async isCompleted(taskId: string): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const status = await this.person.query(api.tasks.get, { room: this.room, taskId }).then(
        (task) => task.status,
        () => "unreachable",
      );
      if (status === "completed") return;
      if (performance.now() > end) throw await this.#scene(`task ${taskId} is still ${status}`);
      await sleep(50);
    }
  }

  async #scene(what: string): Promise<Error> {
    const { room } = this;
    const { items: tasks } = await this.person.query(api.tasks.list, { room, limit: 2 });
    const role = { room, role: this.#role };
    const { items: events } = await this.person.query(api.participants.events, role);
    const scene = { seat: this.#seat, tasks, events: events.slice(0, 12) };
    return new Error(`${what}: ${JSON.stringify(scene, null, 1)}`);
  }

  /** The backend again after its SIGKILL, on its data and ports. */
  async upAgain(): Promise<void> {
    const [port] = [new URL(await this.muster.url()).port];
    const up = this.muster.start(["up", "--port", port ?? "", "--site-port", "0", "--no-demo"], {
      env: { MUSTER_TIMING: "test" },
    });
    await up.says("#code=");
  }

  /** What is left of all the tasks: each has to be answered once, and in a repository committed once. */
  async outcome(sent: readonly string[]) {
    const { items } = await this.person.query(api.messages.list, { room: this.room, limit: 200 });
    const answers = items.filter(({ target }) => target === "user");
    const answered = new Set(answers.map(({ taskId }) => taskId));
    const lost = sent.filter((taskId) => !answered.has(taskId as never));
    return { lost, duplicates: answers.length - answered.size };
  }

  async commits(): Promise<number> {
    const log = await git(this.#workingDir, "log", "--format=%H", "--grep=^Muster-Task:");
    return log.split("\n").filter((line) => line !== "").length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#person?.close();
    await this.muster[Symbol.asyncDispose]();
  }
}

/** “p50 12 ms, p99 30 ms, max 31 ms”; what was never seen does not count. */
export function spread(times: readonly (number | null)[]): string {
  const sorted = times.filter((time) => time !== null).toSorted((a, b) => a - b);
  if (sorted.length === 0) return "–";
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms (${sorted.length})`;
}
