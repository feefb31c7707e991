import { fileURLToPath } from "node:url";
import type { Home } from "../home.ts";
import { identityOf } from "../process-identity.ts";
import { newHolderId, writeSeat } from "../seat.ts";
import { agentEnvironment } from "./agent-environment.ts";
import { spawnAgent } from "./agent-process.ts";
import type { FromAgent } from "./channel.ts";
import { newMarker } from "./marker.ts";
import type { AgentRecord, AgentRecords } from "./records.ts";
import type { Reports } from "./reports.ts";
import type { SpawnPace } from "./spawn-pace.ts";
import type { Starts } from "./starts.ts";
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
  readonly starts: Starts;
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
  const begun = { ...agent, epoch: reply.epoch };
  const { url, records } = around;
  const { roomId, role, epoch } = begun;
  const ids = { holderId: newHolderId(), marker: newMarker() };
  const record: AgentRecord = { url, roomId, role, epoch, ...ids, identity: null };
  await records.keep(record);
  try {
    return await startProcess(around, begun, record, secret, hear);
  } catch (error) {
    const tail = error instanceof Error ? error.message : String(error);
    const exit = { code: null, signal: null, tail };
    const report = { type: "process_exited", ...exit, asked: false } as const;
    await records.keepExit(begun, exit);
    await around.reports.deliver(begun, report);
    await records.forget(agent);
    throw error;
  }
}

/** The secret goes into the seat file and nowhere else; the record of the start comes before the start. */
async function startProcess(
  around: LaunchSurroundings,
  agent: WantedAgent,
  record: AgentRecord,
  secret: string,
  hear: (message: FromAgent) => void,
): Promise<Launched> {
  const { url, home, env, records } = around;
  const { roomId, roomName, role, epoch, harness, model } = agent;
  const { holderId, marker } = record;
  const roots = await around.roots();
  const directory = await openWorkingDirectory(agent.workingDir ?? home.root, roots);
  try {
    await writeSeat(home, url, { roomId, roomName, role, holderId, epoch, secret });
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
