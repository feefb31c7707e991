import { createConnection, createServer, type Server, type Socket } from "node:net";
import type { Link, Way } from "./ways.ts";

/** Where a request is cut off: before any of it, half of it, or its reply has crossed, and after half of the reply. */
export const CUTS = ["no request", "half a request", "no reply", "half a reply"] as const;
export type Cut = (typeof CUTS)[number] | "nothing";

const MUTATION = "POST /api/mutation";

/**
 * A line to a backend on which every mutation is cut off once, and goes through when it is tried again. What else is asked
 * passes, until it is taken down. The backend's port and its own have equally many digits, so that the Host header can be put right in place.
 * What is to cross a way that is cut waits until it is mended, as with TCP; unlike there, each side hears when the other one closes.
 */
export class CuttingLink implements Link {
  readonly under: readonly string[] = [];
  readonly #server: Server;
  readonly #target: URL;
  readonly #cut: Cut;
  readonly #sockets = new Set<Socket>();
  readonly #met = new Set<string>();
  readonly #waiting: Record<Way, (() => void)[] | null> = { there: null, back: null };
  #isDown = false;

  private constructor(target: string, cut: Cut) {
    this.#target = new URL(target);
    this.#cut = cut;
    this.#server = createServer((client) => this.#join(client));
  }

  static async open(target: string, cut: Cut): Promise<CuttingLink> {
    const link = new CuttingLink(target, cut);
    await new Promise<void>((resolve) => {
      link.#server.listen(0, "127.0.0.1", resolve);
    });
    return link;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("It does not listen.");
    return `http://127.0.0.1:${address.port}`;
  }

  /** How many mutations were cut off. */
  get cuts(): number {
    return this.#met.size;
  }

  /** Nothing crosses any more. */
  down(): void {
    this.#isDown = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  up(): void {
    this.#isDown = false;
  }

  cut(...ways: readonly Way[]): void {
    for (const way of ways) this.#waiting[way] ??= [];
  }

  mend(): void {
    for (const way of ["there", "back"] as const) {
      const waiting = this.#waiting[way] ?? [];
      this.#waiting[way] = null;
      for (const cross of waiting) cross();
    }
  }

  #pass(way: Way, cross: () => void): void {
    const waiting = this.#waiting[way];
    if (waiting === null) cross();
    else waiting.push(cross);
  }

  #join(client: Socket): void {
    if (this.#isDown) {
      client.destroy();
      return;
    }
    const backend = createConnection(Number(this.#target.port), "127.0.0.1");
    let cutting = false;
    const end = (): void => {
      for (const socket of [client, backend]) socket.destroy();
    };
    for (const socket of [client, backend]) {
      this.#sockets.add(socket);
      socket.on("error", end).on("close", () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    let request = Buffer.alloc(0);
    const ask = (chunk: Buffer): void => {
      request = Buffer.concat([request, chunk]);
      if (!isWhole(request)) return;
      const whole = this.#readdressed(request);
      request = Buffer.alloc(0);
      cutting = this.#cut !== "nothing" && this.#isNew(whole);
      if (cutting && this.#cut === "no request") end();
      else if (cutting && this.#cut === "half a request")
        backend.write(whole.subarray(0, whole.length / 2), end);
      else backend.write(whole);
    };
    const answer = (chunk: Buffer): void => {
      if (!cutting) client.write(chunk);
      else if (this.#cut === "half a reply") client.write(chunk.subarray(0, chunk.length / 2), end);
      else end();
    };
    client.on("data", (chunk) => this.#pass("there", () => ask(chunk)));
    backend.on("data", (chunk) => this.#pass("back", () => answer(chunk)));
  }

  #readdressed(chunk: Buffer): Buffer {
    const [own, its] = [new URL(this.url).host, this.#target.host];
    return Buffer.from(chunk.toString("latin1").replace(own, its), "latin1");
  }

  /** Whether this is a mutation that was not met before: the same one, tried again, has the same arguments. */
  #isNew(request: Buffer): boolean {
    const text = request.toString("latin1");
    const [, body = ""] = text.split("\r\n\r\n", 2);
    if (!text.startsWith(MUTATION) || this.#met.has(body)) return false;
    this.#met.add(body);
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => {
      this.#server.close(resolve);
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** Everything but a POST passes as it comes: a request without a body, a socket's frames. */
function isWhole(request: Buffer): boolean {
  const text = request.toString("latin1");
  const head = text.indexOf("\r\n\r\n");
  if (!text.startsWith("POST ")) return true;
  const [, length] = /^content-length: (\d+)/imu.exec(text) ?? [];
  return head >= 0 && text.length >= head + 4 + Number(length ?? 0);
}
