import type { AgentStatus, TaskStatus } from "@muster/core";
import { Forger } from "../checks/forger.ts";
import { coverageOf } from "../report.ts";
import type { Figure } from "./figure.ts";
import { onStage } from "./stage.ts";
import type { Answer, Stage } from "./stage.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const SEAT = { room: "harbor1", role: "builder1" };

/** What the lifecycles allow and days of work seldom show: each step by the calls of those who take it. */
export async function tour(): Promise<Figure[]> {
  const coverage = await onStage({ timing: "fast", agents: 1 }, async (stage) => {
    await stage.until(() => stage.allReady(), 5 * MINUTE, SECOND);
    // Its machine sleeps from here on, so that nobody but the visitor speaks for the seat.
    stage.town.machines.get("mini1")?.host.suspend();
    const visit = new Visit(stage);
    await visit.untilIs("dead");
    await visit.starts();
    await visit.joins();
    await visit.recoveries("start");
    await visit.recoveries("claim");
    await visit.endings();
    await visit.cancellations();
    await visit.cleanUps();
    return stage.coverage;
  });
  return Object.entries(coverageOf(coverage)).map(([name, { seen, missing }]) => {
    const which = missing.length === 0 ? "" : ` (${missing.join(", ")})`;
    const all = seen.length + missing.length;
    return {
      name: `${name} of ${all} not seen${which}`,
      measured: missing.length,
      bound: 0,
      unit: "kinds",
    };
  });
}

const REPORTS = {
  restart_initiated: {},
  restart_exhausted: { reason: "tried often enough" },
  leave: { reason: "its machine is shutting down" },
  process_exited: { code: 1, signal: null, tail: "", asked: false },
} as const;

class Visit {
  readonly #stage: Stage;
  #holder = "visitor-1";
  #token = "";
  #taskId = "";
  #count = 0;

  readonly #forger: Forger;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#forger = new Forger(stage.town, stage.ledger, stage.coverage);
    this.#forger.end();
  }

  get #seat() {
    const [seat] = this.#stage.agents();
    return seat as unknown as { agentStatus: AgentStatus; epoch: number };
  }

  /** Lets time pass until the seat is so. */
  async untilIs(status: AgentStatus, limit = 20 * MINUTE): Promise<void> {
    const waited = await this.#stage.until(() => this.#seat.agentStatus === status, limit, 500);
    if (waited === null) throw new Error(`The seat is ${this.#seat.agentStatus}, not ${status}.`);
  }

  async #report(type: keyof typeof REPORTS): Promise<void> {
    const { epoch } = this.#seat;
    const args = { ...SEAT, epoch, event: { type, ...REPORTS[type] } };
    const { value, kind } = await this.#made("machine", "participants:updateAgentStatus", args);
    const accepted = (value as { accepted?: boolean } | undefined)?.accepted;
    if (accepted !== true) throw new Error(`${type} in ${this.#seat.agentStatus}: ${kind}`);
  }

  async #reports(...types: (keyof typeof REPORTS)[]): Promise<void> {
    for (const type of types) await this.#report(type);
  }

  /** A call, and what follows of it. */
  async #made(by: "person" | "machine" | "agent", path: string, args: object): Promise<Answer> {
    let answer: Answer | null = null;
    void this.#stage.callAs(by, path, args).then((one) => (answer = one));
    await this.#stage.until(() => answer !== null, MINUTE, 10);
    // Wherever the visit has come to, whatever does not fit there is tried, too.
    this.#forger.everything();
    await this.#stage.pass(10);
    return answer ?? { kind: "no answer" };
  }

  async #agent(path: string, args: object = {}): Promise<unknown> {
    const { epoch } = this.#seat;
    const { value, kind } = await this.#made("agent", path, { ...SEAT, epoch, ...args });
    if (kind !== undefined) throw new Error(`${path}: ${kind}`);
    return value;
  }

  async #join(how: { takeOver?: true } = {}): Promise<void> {
    const asked = { holderId: this.#holder, ...how };
    const joined = (await this.#agent("participants:join", asked)) as { agentStatus: AgentStatus };
    // The same holder that joins while it works is nothing that anybody writes down.
    if (joined.agentStatus === "working") this.#stage.coverage.agent.add("working join working");
  }

  /** A start of the seat, and a visitor who sits down in it. */
  async #sitDown(): Promise<void> {
    this.#holder = `visitor-${(this.#count += 1)}`;
    await this.#report("restart_initiated");
    await this.#join();
  }

  /** Work for the role, and who has it. */
  async #send(): Promise<void> {
    const text = {
      room: SEAT.room,
      to: SEAT.role,
      text: `please build ${(this.#count += 1)}`,
      key: `${this.#count}`,
    };
    const { value } = await this.#made("person", "messages:send", text);
    if (value === undefined) throw new Error("The message was refused.");
    this.#taskId = this.#tasks("pending").at(-1) ?? "";
  }

  #tasks(status: TaskStatus): string[] {
    const all = [...this.#stage.ledger.all("tasks")];
    return all.filter((task) => task["status"] === status).map(({ _id }) => _id);
  }

  async #claim(): Promise<void> {
    const isOffered = () =>
      this.#stage.ledger.get("tasks", this.#taskId)?.["notBefore"] === undefined;
    await this.#stage.until(isOffered, 5 * MINUTE, 100);
    const asked = { taskId: this.#taskId, holderId: this.#holder };
    this.#token = ((await this.#agent("tasks:claim", asked)) as { token: string }).token;
  }

  async #about(path: string, more: object = {}): Promise<void> {
    await this.#agent(path, { taskId: this.#taskId, token: this.#token, ...more });
  }

  async #person(path: string): Promise<void> {
    const { kind } = await this.#made("person", path, { room: SEAT.room, taskId: this.#taskId });
    if (kind !== undefined) throw new Error(`${path}: ${kind}`);
  }

  async starts(): Promise<void> {
    await this.#reports("restart_exhausted", "restart_initiated");
    await this.untilIs("dead");
    await this.#reports("restart_initiated", "restart_initiated", "process_exited");
    await this.#reports("restart_initiated", "restart_exhausted", "leave");
    await this.#reports("restart_initiated", "leave");
    await this.#reports("restart_initiated", "process_exited", "leave");
  }

  async joins(): Promise<void> {
    await this.#sitDown();
    await this.#report("process_exited");
    await this.#join();
    await this.#reports("process_exited", "restart_exhausted");
    await this.#join();
    await this.#report("leave");
    await this.#join();
    await this.#agent("participants:park", { holderId: this.#holder });
    await this.untilIs("offline");
    await this.#sitDown();
    this.#holder = "rival";
    await this.#join({ takeOver: true });
    await this.#report("leave");
  }

  /** A task comes back three times, is given up, and a person lets it go on. */
  async recoveries(until: "claim" | "start"): Promise<void> {
    await this.#send();
    for (let times = 0; times < 4; times += 1) {
      await this.#sitDown();
      await this.#claim();
      if (until === "start") await this.#about("tasks:start");
      await this.#report("process_exited");
    }
    await this.#person("tasks:retry");
    await this.#sitDown();
    await this.#claim();
    await this.#claim();
    if (until === "start") {
      await this.#about("tasks:start");
      await this.#report("leave");
      await this.#sitDown();
      await this.#claim();
      await this.#about("tasks:start");
      await this.#join();
    }
    await this.#about("tasks:complete", { key: `done ${this.#taskId}` });
    await this.#report("leave");
  }

  async endings(): Promise<void> {
    await this.#send();
    await this.#sitDown();
    await this.#claim();
    await this.#about("tasks:start");
    await this.untilIs("dead");
    await this.#join();
    await this.#about("tasks:resume");
    await this.untilIs("dead");
    await this.#about("tasks:complete", { key: `late ${this.#taskId}` });
    await this.#send();
    await this.#sitDown();
    await this.#claim();
    await this.#about("tasks:start");
    this.#holder = "rival";
    await this.#join({ takeOver: true });
    await this.#report("leave");
    await this.#person("tasks:cancel");
  }

  async cancellations(): Promise<void> {
    for (const started of [false, true]) {
      await this.#send();
      await this.#sitDown();
      await this.#claim();
      if (started) await this.#about("tasks:start");
      await this.#person("tasks:cancel");
      await this.#report("leave");
    }
  }

  /** What is dead for a day is offline. */
  async cleanUps(): Promise<void> {
    await this.#reports("restart_initiated", "process_exited");
    await this.untilIs("offline", DAY + 5 * MINUTE);
    await this.#reports("restart_initiated", "restart_exhausted");
    await this.untilIs("offline", DAY + 5 * MINUTE);
  }
}
