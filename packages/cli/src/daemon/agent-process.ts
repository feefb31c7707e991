import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fromAgent } from "./channel.ts";
import type { FromAgent, ToAgent } from "./channel.ts";
import { AGENT_MARKER } from "./marker.ts";
import { OutputTail } from "./output-tail.ts";
import { endMarked, signalGroup } from "./process-group.ts";
import type { Sleep } from "./process-group.ts";

/** How a process ended: by itself with a code, or by a signal. */
export interface AgentExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of its output, bounded and redacted. */
  readonly tail: string;
}

/** One living agent: the leader of a process group of its own, and whatever that started. */
export interface AgentProcess {
  readonly pid: number;
  readonly marker: string;
  /** Never rejects. */
  readonly exited: Promise<AgentExit>;
  /** Tells the agent something; lost without harm if it is ending. */
  send(message: ToAgent): void;
  /** Reaches every process of the group. */
  signal(signal: NodeJS.Signals): void;
}

/** What to run. `argv` is never seen by a shell. */
export interface AgentProgram {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly environment: Record<string, string>;
  readonly marker: string;
}

/** After the exit the pipes hold what was written last; whoever still keeps them open is not waited for. */
const DRAIN_MS = 100;

/**
 * Starts an agent in its own process group, with an IPC channel and its output kept in a bounded tail.
 * Rejects with one clear sentence if the program or its directory cannot be used.
 */
export async function spawnAgent(
  program: AgentProgram,
  onMessage: (message: FromAgent) => void,
): Promise<AgentProcess> {
  const [file, ...args] = program.argv;
  const child = spawn(file, args, {
    cwd: program.cwd,
    env: { ...program.environment, [AGENT_MARKER]: program.marker },
    detached: true,
    shell: false,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const exited = watchExit(child);
  child.on("message", (message) => {
    const known = fromAgent(message);
    if (known !== null) onMessage(known);
  });
  const { pid } = await spawned(child, file);
  return {
    pid,
    marker: program.marker,
    exited,
    send: (message) => {
      if (child.connected) child.send(message, () => {});
    },
    signal: (signal) => void signalGroup(pid, signal),
  };
}

/**
 * Ends an agent and all that it has started. SIGTERM lets it leave its room; who still lives after `graceMs`
 * gets SIGKILL; then nothing that carries its marker is left.
 */
export async function endAgent(
  agent: AgentProcess,
  { graceMs, sleep }: { graceMs: number; sleep: Sleep },
): Promise<AgentExit> {
  agent.signal("SIGTERM");
  const inTime = await Promise.race([agent.exited.then(() => true), sleep(graceMs)]);
  if (inTime !== true) agent.signal("SIGKILL");
  const exit = await agent.exited;
  await endSurvivors(agent, sleep);
  return exit;
}

/** How long a process may take to vanish after SIGKILL: a disk that hangs can hold it. */
const VANISH_MS = 5_000;

/** Ends what an agent that has exited left behind, in its own group and in others. */
export async function endSurvivors(
  agent: Pick<AgentProcess, "pid" | "marker" | "signal">,
  sleep: Sleep,
): Promise<void> {
  agent.signal("SIGKILL");
  await endMarked(AGENT_MARKER, agent.marker, { sleep, withinMs: VANISH_MS });
}

async function spawned(child: ChildProcess, file: string): Promise<{ pid: number }> {
  try {
    await once(child, "spawn");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "it, or its working directory, does not exist" : code;
    throw new Error(`${file} could not be started: ${reason}`, { cause: error });
  }
  if (child.pid === undefined) throw new Error(`${file} was started without a process id`);
  return { pid: child.pid };
}

function watchExit(child: ChildProcess): Promise<AgentExit> {
  const tail = new OutputTail();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => tail.add(chunk));
  }
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      const done = () => {
        clearTimeout(timer);
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve({ code, signal, tail: tail.read() });
      };
      const timer = setTimeout(done, DRAIN_MS);
      child.once("close", done);
    });
  });
}
