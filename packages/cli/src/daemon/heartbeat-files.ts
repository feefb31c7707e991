import type { Log } from "../log.ts";
import { sightOf } from "./heartbeat-file.ts";
import type { FoundFile, Sight } from "./heartbeat-file.ts";
import type { WantedAgent } from "./supervised.ts";
import { openWorkingDirectory, UnusableDirectory } from "./working-directory.ts";

/** An agent of this machine; with a `heartbeat` its HEARTBEAT.md is looked at. */
export type WatchedAgent = Pick<WantedAgent, "roomId" | "roomName" | "role" | "workingDir"> & {
  readonly heartbeat: boolean;
};

export interface HeartbeatFilesOptions {
  /** Where an agent without a directory of its own works. */
  readonly fallback: string;
  readonly roots: () => Promise<readonly string[]>;
  /** The machine's generation now: the next one is told everything anew. */
  readonly epoch: () => number;
  /** Tells the room; false when it did not take it. */
  readonly report: (agent: WatchedAgent, file: FoundFile) => Promise<boolean>;
  readonly log: Log;
}

interface Told {
  /** What need not be read again; null when it has to be. */
  readonly mark: string | null;
  readonly words: string;
}

/**
 * The HEARTBEAT.md of every agent that has a heartbeat. `look` costs an idle file one `lstat` and no call; what has
 * changed is told, and told again at the next look until the room has taken it.
 */
export class HeartbeatFiles {
  readonly #options: HeartbeatFilesOptions;
  #watched = new Map<string, WatchedAgent>();
  readonly #told = new Map<string, Told>();
  #asked = false;
  #looking: Promise<void> | null = null;

  constructor(options: HeartbeatFilesOptions) {
    this.#options = options;
  }

  /** The agents of this machine, complete. Resolves when those with a new heartbeat, or directory, were looked at. */
  async want(agents: readonly WatchedAgent[]): Promise<void> {
    const watched = agents.filter(({ heartbeat }) => heartbeat);
    const before = this.#watched;
    this.#watched = new Map(watched.map((agent) => [keyOf(agent), agent]));
    for (const key of this.#told.keys()) if (!this.#watched.has(key)) this.#told.delete(key);
    const known = watched.every(
      (agent) => before.get(keyOf(agent))?.workingDir === agent.workingDir,
    );
    if (!known) await this.look();
  }

  /** Looks at all of them, one after the other; asked for meanwhile, it looks once more. Never rejects. */
  async look(): Promise<void> {
    this.#asked = this.#watched.size > 0;
    this.#looking ??= this.#lookWhileAsked().finally(() => (this.#looking = null));
    await this.#looking;
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#asked) {
      this.#asked = false;
      for (const key of this.#watched.keys()) await this.#lookAt(key);
    }
  }

  async #lookAt(key: string): Promise<void> {
    const agent = this.#watched.get(key);
    if (agent === undefined) return;
    try {
      const told = await this.#tellNews(agent, this.#told.get(key));
      if (this.#watched.has(key)) this.#told.set(key, told);
    } catch (error) {
      const { roomName: room, role } = agent;
      this.#options.log("heartbeat file not told", { room, role, message: String(error) });
    }
  }

  async #tellNews(agent: WatchedAgent, before: Told | undefined): Promise<Told> {
    const { roots, fallback, epoch, log } = this.#options;
    const generation = epoch();
    const { sight, close } = await see(agent.workingDir ?? fallback, await roots());
    try {
      const mark = `${generation} ${sight.mark}`;
      if (before?.mark === mark) return before;
      const file = await sight.read();
      const words = `${generation} ${JSON.stringify(file)}`;
      if (before?.words !== words) {
        const accepted = await this.#options.report(agent, file);
        const { roomName: room, role } = agent;
        log("heartbeat file", { room, role, state: file.state, accepted });
        if (!accepted) throw new Error("the room did not take it");
      }
      return { mark: sight.settled ? mark : null, words };
    } finally {
      await close();
    }
  }
}

/** The file in a directory; one where no agent may work has no readable file. */
async function see(
  path: string,
  roots: readonly string[],
): Promise<{ sight: Sight; close: () => Promise<void> }> {
  try {
    const directory = await openWorkingDirectory(path, roots);
    const sight = await sightOf(directory);
    const mark = `${directory.path} ${sight.mark}`;
    return { sight: { ...sight, mark }, close: directory.close.bind(directory) };
  } catch (error) {
    if (!(error instanceof UnusableDirectory)) throw error;
    const reason = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
    const read = () => Promise.resolve({ state: "unreadable", reason } as const);
    return { sight: { mark: reason, settled: true, read }, close: () => Promise.resolve() };
  }
}

const keyOf = ({ roomId, role }: WatchedAgent) => JSON.stringify([roomId, role]);
