import type { Start } from "@muster/core";
import type { AgentExit, AgentProcess } from "./agent-process.ts";
import type { FromAgent } from "./channel.ts";

/** One agent as people have configured it for this machine, and what its room shows of it now. */
export interface WantedAgent {
  readonly roomId: string;
  readonly roomName: string;
  readonly role: string;
  readonly desired: "running" | "stopped";
  readonly harness: string;
  readonly model: string | null;
  readonly workingDir: string | null;
  /** `live` while somebody sits there, waiting or working. */
  readonly agentStatus: string;
  /** Of a live seat the one of the last start here, or a later one. */
  readonly epoch: number;
}

/** A generation of the seat and the process that was started for it. */
export interface Launched {
  readonly process: AgentProcess;
  /** A rejoin can raise it. */
  epoch: number;
  holderId: string;
}

/** What a supervisor can do to the world. Each is told to the room, retried until delivered, before it resolves. */
export interface Effects {
  /**
   * Begins a new generation and starts its process; null if the room refuses a start now. A process that cannot be
   * started has been reported as ended, and rejects with the reason: a HopelessStart if another start alone changes nothing.
   */
  launch(agent: WantedAgent, hear: (message: FromAgent) => void): Promise<Launched | null>;
  /** Reports an exit that nobody asked for, and ends what the process left behind. */
  bury(agent: WantedAgent, gone: Launched, exit: AgentExit): Promise<void>;
  /** Ends a living process and what it has started. */
  end(agent: WantedAgent, living: Launched): Promise<AgentExit>;
  /** Reports that the role is empty on purpose. */
  leave(agent: WantedAgent, reason: string): Promise<void>;
  /** Reports that the agent is given up, and why. */
  giveUp(agent: WantedAgent, why: string): Promise<void>;
  /** Keeps how the agent was started so far, beyond the life of this daemon. */
  remember(agent: WantedAgent, history: readonly Start[]): void;
  log(event: string, fields: Record<string, unknown>): void;
}

/** How a start that somebody asked for went. */
export type StartOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };
