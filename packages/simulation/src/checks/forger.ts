import { TASK_STATUSES, taskTransition } from "@muster/core";
import type { TaskEvent, TaskStatus } from "@muster/core";
import type { Random } from "../kernel/random.ts";
import type { Town } from "../town.ts";
import type { Document, Ledger } from "./ledger.ts";
import type { Coverage } from "./lifecycles.ts";
import { AGENT_EDGES } from "./lifecycles.ts";

const MEAN_MS = 5_000;
/** What machines may report; the other events are the backend's own, and nobody can send them. */
const REPORTS = {
  restart_initiated: {},
  process_exited: { code: 1, signal: null, tail: "late", asked: false },
  restart_exhausted: { reason: "late" },
  leave: { reason: "late" },
} as const;
type Report = keyof typeof REPORTS;
const isReport = (event: string): event is Report => event in REPORTS;

/** Each report in each status that it does not fit: what a late or forged one meets. */
export const FORGED_REPORTS: ReadonlySet<string> = new Set(
  [...AGENT_EDGES.refused].filter((edge) => isReport(edge.split(" ")[1] ?? "")),
);

/** Calls about a task, by who makes them, and how a wrong one is refused. */
const CALLS = {
  claimTask: { path: "tasks:claim", by: "agent" },
  startTask: { path: "tasks:start", by: "agent" },
  completeTask: { path: "tasks:complete", by: "agent" },
  releaseTask: { path: "tasks:release", by: "agent" },
  resumeTask: { path: "tasks:resume", by: "agent" },
  retryTask: { path: "tasks:retry", by: "person" },
  cancelTask: { path: "tasks:cancel", by: "person" },
} as const;
type Call = keyof typeof CALLS;
const REFUSALS: Readonly<Record<"person" | "agent", ReadonlySet<string>>> = {
  person: new Set(["illegal_transition"]),
  agent: new Set(["illegal_transition", "stale_claim", "superseded", "rejoin_required"]),
};
/** Each call about a task in each status that it never fits, however true its facts are. */
export const FORGED_CALLS: ReadonlySet<string> = new Set(
  TASK_STATUSES.flatMap((status) =>
    (Object.keys(CALLS) as Call[])
      .filter((type) => taskTransition(status, honest(type, status)).refused)
      .map((type) => `${status} ${type}`),
  ),
);

function honest(type: Call, status: TaskStatus): TaskEvent {
  const was = status === "acknowledged" ? "acknowledged" : "in_progress";
  return { type, offered: true, sameHolder: true, tokenValid: true, was };
}

function fitting(edges: ReadonlySet<string>, status: unknown): string[] {
  return [...edges].filter((edge) => edge.startsWith(`${String(status)} `));
}

/**
 * Sends what nobody should: each report and each call in a status that it does not fit, from whoever may send such a thing at
 * all. A person is told `illegal_transition`; a report is recorded and answered; and nothing changes.
 */
export class Forger {
  readonly #town: Town;
  readonly #ledger: Ledger;
  readonly #coverage: Coverage;
  readonly #random: Random;
  #isOver = false;

  constructor(town: Town, ledger: Ledger, coverage: Coverage) {
    this.#town = town;
    this.#ledger = ledger;
    this.#coverage = coverage;
    this.#random = town.world.random.fork("forger");
    this.#again();
  }

  end(): void {
    this.#isOver = true;
  }

  #again(): void {
    this.#town.world.agenda.after(this.#random.wait(MEAN_MS), () => {
      if (this.#isOver) return;
      const { isUp, isFrozen } = this.#town.backend;
      if (isUp && !isFrozen && this.#town.isOpen) this.#forge();
      this.#again();
    });
  }

  #forge(): void {
    const forged = this.#forgeries();
    if (forged.length > 0) this.#random.pick(forged)();
  }

  /** Sends all that is wrong just now. */
  everything(): void {
    for (const send of this.#forgeries()) send();
  }

  #forgeries(): (() => void)[] {
    const reports = [...this.#ledger.all("participants")].flatMap((seat) =>
      fitting(FORGED_REPORTS, seat["agentStatus"]).map(
        (edge) => () => void this.#report(seat, edge),
      ),
    );
    const calls = TASK_STATUSES.flatMap((status) => {
      const some = [...this.#ledger.all("tasks")].filter((task) => task["status"] === status);
      const task = some.length === 0 ? undefined : this.#random.pick(some);
      if (task === undefined || task["heldBy"] !== undefined) return [];
      return fitting(FORGED_CALLS, status).map((edge) => () => void this.#call(task, status, edge));
    });
    return [...reports, ...calls];
  }

  /** A report that the status of a seat does not allow, of its very epoch, by its own machine. */
  async #report(seat: Document, edge: string): Promise<void> {
    const { roomId: room, role, epoch } = seat;
    const agent = [...this.#ledger.all("agents")].find(
      (one) => one["roomId"] === room && one["role"] === role && one["machineId"] !== undefined,
    );
    const machine = this.#credential((one) => one["machineId"] === agent?.["machineId"]);
    if (agent === undefined || machine === null) return;
    const type = edge.split(" ")[1] as Report;
    const args = { room, role, epoch, event: { type, ...REPORTS[type] } };
    const outcome = await this.#send(machine, "participants:updateAgentStatus", args);
    if (outcome?.success !== true) return;
    const { accepted } = outcome.value as { accepted: boolean };
    // It may have become true while it waited for its turn; I2 judges that.
    if (!accepted) this.#coverage.agentRefused.add(edge);
  }

  async #call(task: Document, status: TaskStatus, edge: string): Promise<void> {
    const { path, by } = CALLS[edge.split(" ")[1] as Call];
    const { roomId: room, role } = task;
    const taskId = task._id;
    const seat = [...this.#ledger.all("participants")].find(
      (one) => one["roomId"] === room && one["role"] === role,
    );
    const caller =
      by === "person"
        ? this.#credential(({ kind }) => kind === "person")
        : this.#credential((one) => one["roomId"] === room && one["role"] === role);
    if (caller === null) return;
    const [epoch, holderId] = [seat?.["epoch"], seat?.["holderId"]];
    const fence = path === "tasks:claim" ? { holderId } : { token: "0".repeat(32) };
    const key = path === "tasks:complete" ? { key: `forged ${this.#town.world.now}` } : {};
    const args =
      by === "person" ? { room, taskId } : { room, role, taskId, epoch, ...fence, ...key };
    const outcome = await this.#send(caller, path, args);
    if (outcome === null) return;
    const now = this.#ledger.get("tasks", taskId)?.["status"];
    const data = outcome.success ? undefined : (outcome.errorData as { kind?: string } | undefined);
    if (REFUSALS[by].has(data?.kind ?? "")) this.#coverage.taskRefused.add(edge);
    else if (outcome.success && now === status)
      this.#town.world.violate("I2", `${path} of a task that was ${status} was taken`);
  }

  #credential(isRight: (credential: Document) => boolean): string | null {
    const all = [...this.#ledger.all("credentials")];
    return all.findLast((one) => one["revokedAt"] === undefined && isRight(one))?._id ?? null;
  }

  async #send(subject: string, path: string, args: object) {
    const { engine } = this.#town.backend.deployment;
    const attributes = { subject, issuer: "", tokenIdentifier: subject };
    const identity = { kind: "user", attributes } as const;
    const call = { path, args: args as never, identity, caller: "client" } as const;
    // A backend that dies meanwhile answers nobody.
    return await engine.mutation(call).catch(() => null);
  }
}
