import { fileURLToPath } from "node:url";
import type { Home } from "../home.ts";
import { identityOf } from "../process-identity.ts";
import { newHolderId, writeSeat } from "../seat.ts";
import { agentEnvironment } from "./agent-environment.ts";
import { spawnAgent } from "./agent-process.ts";
import type { FromAgent } from "./channel.ts";
import { newMarker } from "./marker.ts";
import type { AgentRecords } from "./records.ts";
import type { Reports } from "./reports.ts";
import type { SpawnPace } from "./spawn-pace.ts";
import type { Launched, WantedAgent } from "./supervised.ts";
import { openWorkingDirectory } from "./working-directory.ts";

/** The program that each agent is: found beside this file, never by a name that somebody sent. */
const AGENT_RUN = fileURLToPath(new URL("../agent-run/main.ts", import.meta.url));

export interface LaunchSurroundings {
  readonly url: string;
  readonly home: Home;
  readonly env: NodeJS.ProcessEnv;
  /** Directories that agents may work in, as the machine's owner wants it now; none means any. */
  readonly roots: () => Promise<readonly string[]>;
  readonly reports: Reports;
  readonly records: AgentRecords;
  readonly pace: SpawnPace;
}

/**
 * Begins a new generation of the seat and starts its process. Null if the room refuses: people stopped the agent, or
 * another holder is alive. What goes wrong after that is reported as an exit with the reason, and rejects with it.
 */
export async function launch(
  around: LaunchSurroundings,
  agent: WantedAgent,
  hear: (message: FromAgent) => void,
): Promise<Launched | null> {
  await around.pace.turn();
  const reply = await around.reports.deliver(agent, { type: "restart_initiated" });
  const secret = "agentSecret" in reply ? reply.agentSecret : null;
  if (!reply.accepted || typeof secret !== "string") return null;
  const { epoch } = reply;
  try {
    return await startProcess(around, { ...agent, epoch }, secret, hear);
  } catch (error) {
    const tail = error instanceof Error ? error.message : String(error);
    const exit = { type: "process_exited", code: null, signal: null, tail, asked: false } as const;
    await around.reports.deliver({ ...agent, epoch }, exit);
    await around.records.forget(agent);
    throw error;
  }
}

/** The secret goes into the seat file and nowhere else; the record of the start comes before the start. */
async function startProcess(
  around: LaunchSurroundings,
  agent: WantedAgent,
  secret: string,
  hear: (message: FromAgent) => void,
): Promise<Launched> {
  const { url, home, env, records } = around;
  const { roomId, roomName, role, epoch, harness, model } = agent;
  const holderId = newHolderId();
  const marker = newMarker();
  const roots = await around.roots();
  const directory = await openWorkingDirectory(agent.workingDir ?? home.root, roots);
  try {
    await writeSeat(home, url, { roomId, roomName, role, holderId, epoch, secret });
    const record = { url, roomId, role, epoch, holderId, marker };
    await records.keep({ ...record, identity: null });
    const options = [`--harness=${harness}`, ...(model === null ? [] : [`--model=${model}`])];
    const process_ = await spawnAgent(
      {
        argv: [process.execPath, AGENT_RUN, ...options],
        cwd: directory.pinned,
        environment: agentEnvironment(env, { url, home: home.root, roomId, role, marker }),
        marker,
      },
      hear,
    );
    await records.keep({ ...record, identity: await identityOf(process_.pid) });
    return { process: process_, epoch, holderId };
  } finally {
    await directory.close();
  }
}
