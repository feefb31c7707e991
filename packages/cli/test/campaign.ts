import { setTimeout as sleep } from "node:timers/promises";
import { api } from "../src/backend/api.ts";
import { connect, type Backend } from "../src/backend/connect.ts";
import { personCredential } from "../src/backend/credential.ts";
import { createRepository } from "../src/demo/repository.ts";
import { AGENT_MARKER, environmentOf, findMarked } from "../src/daemon/marker.ts";
import { git } from "../src/demo/git.ts";
import type { SeatView } from "../src/output/roster.ts";
import { newKey } from "../src/text.ts";
import { Muster } from "./muster.ts";

/** How long a blow and all that comes of it may take on a busy computer. */
const PATIENCE_MS = 60_000;
const PATIENTLY = { patienceMs: PATIENCE_MS };

/** How long it took until a blow was seen, and until all was well again. */
export interface Blow {
  readonly seenMs: number | null;
  readonly backMs: number;
}

/** What the daemon of a campaign is started with: the demo's agents take their time, so that blows fall into it. */
export const PACE = { MUSTER_DEMO_PACE_MS: "100" };

export interface Setting {
  readonly role: string;
  /** The demo's agent in the role, or nobody. */
  readonly agent: "demo" | "nobody";
  /** What the backend is started with. */
  readonly env?: Readonly<Record<string, string>>;
  /** Starts the machine, and answers whose home it has; without it `up` starts its own. */
  readonly machine?: (muster: Muster) => Promise<Muster>;
}

/** A room in which one agent works, watched by its person while somebody is struck. */
export class Campaign implements AsyncDisposable {
  readonly room = "harbor";
  readonly muster = new Muster();
  /** The home of the machine that runs the agent. */
  machine = this.muster;
  readonly #role: string;
  readonly #workingDir: string;
  readonly #looks = new Set<() => void>();
  #person: Backend | null = null;
  #seat: SeatView | null = null;

  private constructor(role: string) {
    this.#role = role;
    this.#workingDir = `${this.muster.home.root}/pier`;
  }

  static async begin({ role, agent, env, machine }: Setting): Promise<Campaign> {
    const campaign = new Campaign(role);
    const { muster, room } = campaign;
    if (agent === "nobody" || machine !== undefined) await muster.up([], env);
    else await muster.upWithDaemon({ ...PACE, ...env });
    if (machine !== undefined) campaign.machine = await machine(muster);
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
        for (const look of campaign.#looks) look();
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
    const late = AbortSignal.timeout(PATIENCE_MS);
    const seen = await this.#first(wanted, late);
    if (seen !== null) return seen;
    throw new Error(`never ${what}: ${await this.story()}`);
  }

  /** How long it takes from now until the role is so, unless `signal` comes first: then null. */
  async timeUntil(
    wanted: (seat: SeatView) => boolean,
    signal: AbortSignal,
  ): Promise<number | null> {
    const begun = performance.now();
    return (await this.#first(wanted, signal)) && performance.now() - begun;
  }

  async #first(wanted: (seat: SeatView) => boolean, signal: AbortSignal): Promise<SeatView | null> {
    const { promise, resolve } = Promise.withResolvers<SeatView | null>();
    const look = () => {
      if (this.#seat !== null && wanted(this.#seat)) resolve(this.#seat);
    };
    signal.addEventListener("abort", () => resolve(null));
    this.#looks.add(look);
    look();
    return await promise.finally(() => this.#looks.delete(look));
  }

  /** A person's start gives the restart budget anew, so that only the blow at hand is judged. */
  async isReady(): Promise<SeatView> {
    await this.person.mutate(api.agents.start, { room: this.room, role: this.#role }, PATIENTLY);
    return await this.until("ready", ({ agentStatus }) => agentStatus === "ready");
  }

  /** The role is ready, and its process the same as ever. */
  async isStill(pid: number | null): Promise<void> {
    const seat = await this.isReady();
    if (seat.pid !== pid) throw new Error(`${pid} is ${seat.pid} now: ${await this.story()}`);
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
      if (performance.now() > end) {
        throw new Error(`task ${taskId} is still ${status}: ${await this.story()}`);
      }
      await sleep(50);
    }
  }

  /** The role, the latest tasks and what happened lately, for whoever has to find out why. */
  async story(): Promise<string> {
    const { room } = this;
    const { items: tasks } = await this.person.query(api.tasks.list, { room, limit: 2 });
    const role = { room, role: this.#role };
    const { items: events } = await this.person.query(api.participants.events, role);
    return JSON.stringify({ seat: this.#seat, tasks, events: events.slice(0, 12) }, null, 1);
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
    const answers = (await this.#said()).filter(({ target }) => target === "user");
    const answered = new Set(answers.map(({ taskId }) => taskId));
    const lost = sent.filter((taskId) => !answered.has(taskId as never));
    return { lost, duplicates: answers.length - answered.size };
  }

  /** All that was ever said in the room, a page at a time. */
  async #said() {
    const page = async (before?: number) => {
      const which = { room: this.room, limit: 200, ...(before === undefined ? {} : { before }) };
      return (await this.person.query(api.messages.list, which)).items;
    };
    const said = await page();
    for (let older = said; older.length > 0;) {
      older = await page(Math.min(...older.map(({ seq }) => seq)));
      said.push(...older);
    }
    return said;
  }

  /** All that this machine's agents have started and that lives; at rest it is the seated agent. */
  async agents(): Promise<number[]> {
    const ours = await findMarked("MUSTER_HOME", this.machine.home.root);
    const marked = await Promise.all(
      ours.map(async ({ pid }) => {
        const environment = await environmentOf(pid);
        return environment.some((entry) => entry.startsWith(`${AGENT_MARKER}=`)) ? [pid] : [];
      }),
    );
    return marked.flat();
  }

  /** What of it is nobody's: neither the seated agent nor, a moment later, gone. */
  async orphans(): Promise<number[]> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const { pid } = await this.isReady();
      const orphans = (await this.agents()).filter((agent) => agent !== pid);
      if (orphans.length === 0 || performance.now() > end) return orphans;
      await sleep(50);
    }
  }

  async commits(): Promise<number> {
    const log = await git(this.#workingDir, "log", "--format=%H", "--grep=^Muster-Task:");
    return log.split("\n").filter((line) => line !== "").length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#person?.close();
    if (this.machine !== this.muster) await this.machine[Symbol.asyncDispose]();
    await this.muster[Symbol.asyncDispose]();
  }
}

/** “p50 12 ms, p99 30 ms, max 31 ms”; what was never seen does not count. */
export function spread(times: readonly (number | null)[]): string {
  const sorted = times.filter((time) => time !== null).toSorted((a, b) => a - b);
  if (sorted.length === 0) return "–";
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms (${sorted.length})`;
}
