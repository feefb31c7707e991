import { randomUUID } from "node:crypto";
import { once } from "node:events";

/** A function to watch, by its path as clients write it. */
export interface Watched {
  readonly path: string;
  readonly args: object;
}

/**
 * The least that a client of the sync protocol can be: it watches and counts, and parses nothing that it need not, so that thousands of
 * them in one process do not measure themselves.
 */
export class SyncLine {
  /** Transitions that carried an answer. */
  answers = 0;
  bytes = 0;
  #onAnswer: () => void = () => {};
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const text = String(data);
      if (!text.startsWith('{"type":"Transition"') || text.endsWith('"modifications":[]}')) return;
      this.answers += 1;
      this.bytes += text.length;
      this.#onAnswer();
    });
  }

  /** Connects, signs in if there is a token, and watches. Resolves when the first answer is there; rejects if the server is not. */
  static async open(url: string, watched: readonly Watched[], token?: string): Promise<SyncLine> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/api/1.48.0/sync`);
    const closed = once(socket, "close").then(() => {
      throw new Error("The server closed the connection.");
    });
    closed.catch(() => undefined);
    await Promise.race([once(socket, "open"), closed]);
    const line = new SyncLine(socket);
    const answered = line.nextAnswer();
    line.#say({
      type: "Connect",
      sessionId: randomUUID(),
      connectionCount: 0,
      lastCloseReason: "InitialConnect",
      clientTs: Date.now(),
    });
    if (token !== undefined)
      line.#say({ type: "Authenticate", baseVersion: 0, tokenType: "User", value: token });
    const modifications = watched.map(({ path, args }, queryId) => ({
      type: "Add",
      queryId,
      udfPath: path,
      args: [args],
    }));
    line.#say({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications });
    await Promise.race([answered, closed]);
    return line;
  }

  nextAnswer(): Promise<void> {
    return new Promise((resolve) => {
      this.#onAnswer = resolve;
    });
  }

  /** Resolves when the server is gone. */
  async ended(): Promise<void> {
    if (this.#socket.readyState !== WebSocket.CLOSED) await once(this.#socket, "close");
  }

  close(): void {
    this.#socket.close();
  }

  #say(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }
}

/** Opens many, a few at a time. */
export async function openLines(
  count: number,
  open: (at: number) => Promise<SyncLine>,
): Promise<SyncLine[]> {
  const lines: SyncLine[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const at = next;
      next += 1;
      lines[at] = await open(at);
    }
  };
  await Promise.all(Array.from({ length: 32 }, lane));
  return lines;
}
