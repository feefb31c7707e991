import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import type { Log } from "../log.ts";
import type { AskedBy } from "@muster/core";
import type { StartOutcome } from "./supervised.ts";
import type { Supervisor } from "./supervisor.ts";

/** One thing that this machine is asked to do. */
export interface MachineCommand {
  readonly _id: string;
  readonly kind: "start-agent" | "stop-agent" | "kill-agent";
  readonly roomId: string;
  readonly role: string;
  /** Who wants it: decides whether a start may use up the agent's restarts. */
  readonly asked: AskedBy;
}

export interface DeskOptions {
  readonly backend: Backend;
  /** This daemon's generation: a command of another one is not executed. */
  readonly epoch: () => number;
  readonly supervisor: (roomId: string, role: string) => Supervisor | null;
  readonly log: Log;
}

const PATIENCE = { patienceMs: 15_000 };

/** Carries out what this machine is asked to do: each command at most once, and only after it was granted. */
export class CommandDesk {
  readonly #options: DeskOptions;
  readonly #taken = new Set<string>();

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** The commands that are pending now. What was taken before is not taken again. */
  receive(pending: readonly MachineCommand[]): void {
    const ids = new Set(pending.map(({ _id }) => _id));
    for (const id of this.#taken) if (!ids.has(id)) this.#taken.delete(id);
    for (const command of pending) {
      if (this.#taken.has(command._id)) continue;
      this.#taken.add(command._id);
      void this.#carryOut(command);
    }
  }

  async #carryOut(command: MachineCommand): Promise<void> {
    const { backend, epoch, log } = this.#options;
    const { kind, role } = command;
    try {
      const claim = { commandId: command._id, epoch: epoch() };
      const { accepted } = await backend.mutate(api.commands.claim, claim, PATIENCE);
      if (!accepted) return;
      const outcome = await this.#execute(command);
      log("command", { kind, role, ...outcome });
      const end = outcome.ok ? { ok: true } : outcome;
      await backend.mutate(api.commands.finish, { ...claim, ...end }, PATIENCE);
    } catch (error) {
      log("command failed", { kind, role, message: (error as Error).message });
    }
  }

  async #execute({ kind, roomId, role, asked }: MachineCommand): Promise<StartOutcome> {
    const supervisor = this.#options.supervisor(roomId, role);
    if (supervisor === null) return { ok: false, reason: `this machine does not run ${role}` };
    if (kind === "start-agent") return await supervisor.start(asked);
    if (kind === "stop-agent") {
      await supervisor.stop();
      return { ok: true };
    }
    return supervisor.kill() ? { ok: true } : { ok: false, reason: `${role} does not run` };
  }
}
