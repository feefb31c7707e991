import { join } from "node:path";
import { readPrivateJson, writePrivateJson } from "../home.ts";
import type { Home } from "../home.ts";
import { isGone, isSameProcess } from "../process-identity.ts";
import type { ProcessIdentity } from "../process-identity.ts";
import type { AgentExit, AgentProcess } from "./agent-process.ts";
import type { Clock } from "./clock.ts";
import { signalGroup } from "./process-group.ts";

/**
 * What a daemon remembers of an agent that it has started, so that the next daemon finds it. Written before the
 * process is: `identity` is null for a start that was cut short, and the marker finds what there is of it.
 */
export interface AgentRecord {
  readonly url: string;
  readonly roomId: string;
  readonly role: string;
  readonly epoch: number;
  readonly holderId: string;
  readonly marker: string;
  readonly identity: ProcessIdentity | null;
  /** How it ended, while its room could not be told. */
  readonly exit?: AgentExit;
}

/** The agents of this machine's daemon, on disk. One writer at a time: its owner holds the daemon's lock. */
export class AgentRecords {
  readonly #file: string;
  readonly #records: Map<string, AgentRecord>;
  #written: Promise<void> = Promise.resolve();

  private constructor(file: string, records: readonly AgentRecord[]) {
    this.#file = file;
    this.#records = new Map(records.map((record) => [keyOf(record), record]));
  }

  static async open(home: Home): Promise<AgentRecords> {
    const file = join(home.daemon, "agents.json");
    const { agents } = (await readPrivateJson(file)) ?? {};
    return new AgentRecords(file, Array.isArray(agents) ? agents.filter(isRecord) : []);
  }

  all(): AgentRecord[] {
    return [...this.#records.values()];
  }

  /** On disk when it resolves. */
  async keep(record: AgentRecord): Promise<void> {
    this.#records.set(keyOf(record), record);
    await this.#write();
  }

  /** Keeps the end of a process until somebody can report it. Another epoch's record stays as it is. */
  async keepExit(
    agent: { roomId: string; role: string; epoch: number },
    exit: AgentExit,
  ): Promise<void> {
    const record = this.#records.get(keyOf(agent));
    if (record?.epoch === agent.epoch) await this.keep({ ...record, exit });
  }

  async forget(agent: { roomId: string; role: string }): Promise<void> {
    if (this.#records.delete(keyOf(agent))) await this.#write();
  }

  async #write(): Promise<void> {
    const write = async () => await writePrivateJson(this.#file, { agents: this.all() });
    this.#written = this.#written.then(write, write);
    await this.#written;
  }
}

/** How often the process of an earlier daemon is looked at: it is no child, so its exit is not told. */
const LOOK_MS = 200;

/** The process of a record, watched from afar. Its channel and its exit code died with the earlier daemon. */
export function adopted(record: AgentRecord, clock: Clock): AgentProcess {
  const { identity, marker, exit } = record;
  const signalIfSame = async (signal: NodeJS.Signals) => {
    if (identity !== null && (await isSameProcess(identity))) signalGroup(identity.pid, signal);
  };
  return {
    pid: identity?.pid ?? 0,
    marker,
    exited: exit === undefined ? watchFromAfar(identity, clock) : Promise.resolve(exit),
    send: () => {},
    signal: (signal) => void signalIfSame(signal),
  };
}

async function watchFromAfar(identity: ProcessIdentity | null, clock: Clock): Promise<AgentExit> {
  if (identity !== null) while (!(await isGone(identity))) await clock.sleep(LOOK_MS);
  return { code: null, signal: null, tail: UNSEEN };
}

const UNSEEN = "It was started by an earlier daemon, which did not see how it ended.";

function keyOf({ roomId, role }: { roomId: string; role: string }): string {
  return JSON.stringify([roomId, role]);
}

function isRecord(value: unknown): value is AgentRecord {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Record<string, unknown>;
  const { url, roomId, role, epoch, holderId, marker, identity, exit } = fields;
  const strings = [url, roomId, role, holderId, marker];
  return (
    strings.every((field) => typeof field === "string") &&
    typeof epoch === "number" &&
    (identity === null || typeof identity === "object") &&
    (exit === undefined || (typeof exit === "object" && exit !== null))
  );
}
