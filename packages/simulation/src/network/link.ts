import type { Random } from "../kernel/random.ts";
import type { World } from "../kernel/world.ts";
import type { HttpReply, HttpRequest, Server } from "./server.ts";

/** Gets through, is lost without a word, or comes late. */
export interface Weather {
  /** Share of requests, and of replies, that get lost. */
  loss: number;
  /** Share of requests that arrive twice. */
  double: number;
  /** Share of messages that take seconds and are overtaken by others. */
  slow: number;
}

export const CALM: Weather = { loss: 0, double: 0, slow: 0 };

/** What `fetch` rejects with when a connection fails. */
function failed(code: string): TypeError {
  const cause = Object.assign(new Error(code), { code });
  return new TypeError("fetch failed", { cause });
}

/** A process that asks, and where a reply reaches it. */
interface Asker {
  readonly title: string;
  readonly pid: number;
  reach(arrive: () => void): void;
}

/** The line of one computer to the backend. */
export class Link {
  readonly #name: string;
  readonly #world: World;
  readonly #random: Random;
  server: Server | null = null;
  weather: Weather = { ...CALM };
  /** Each direction can be dead for itself. */
  open = { there: true, back: true };
  readonly #sockets = new Set<{ tear(): void }>();

  constructor(name: string, world: World, random: Random) {
    this.#name = name;
    this.#world = world;
    this.#random = random;
  }

  /** One request. Resolves when the reply arrives; never, if either gets lost. */
  async request(asker: Asker, request: Omit<HttpRequest, "from" | "pid">): Promise<HttpReply> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpReply>();
    const arrive = (times: number) => {
      if (times > 1) {
        this.#world.fault("doubled request", this.#name, request.path);
        this.#there(() => arrive(times - 1), 2_000);
      }
      const { title: from, pid } = asker;
      void this.#handle({ ...request, from, pid }).then((reply) => {
        if (reply === null) this.#back(asker, () => reject(failed("ECONNRESET")));
        else this.#back(asker, () => resolve(reply), reply.status === 0);
        return undefined;
      });
    };
    this.#there(() => {
      if (this.server?.isUp !== true) {
        this.#back(asker, () => reject(failed("ECONNREFUSED")));
        return;
      }
      arrive(this.#random.chance(this.weather.double) ? 2 : 1);
    });
    return await promise;
  }

  async #handle(request: HttpRequest): Promise<HttpReply | null> {
    const { server } = this;
    return server?.isUp === true ? await server.answer(request) : null;
  }

  /** One message from here to the backend. */
  #there(arrive: () => void, later = 0): void {
    const lost = !this.open.there || this.#isLost("lost request");
    if (!lost) this.#world.agenda.after(this.latency() + this.#random.between(0, later), arrive);
  }

  #back(asker: Asker, arrive: () => void, certain = false): void {
    const lost = !this.open.back || (!certain && this.#isLost("lost reply"));
    if (lost) return;
    this.#world.agenda.after(this.latency(), () => asker.reach(arrive));
  }

  #isLost(kind: string): boolean {
    const lost = this.#random.chance(this.weather.loss);
    if (lost) this.#world.fault(kind, this.#name);
    return lost;
  }

  /** Ms that the next message takes. */
  latency(): number {
    if (!this.#random.chance(this.weather.slow)) return this.#random.between(0.3, 3);
    const late = this.#random.between(500, 8_000);
    this.#world.fault("late message", this.#name);
    return late;
  }

  /** A connection that is kept, which a broken line tears. */
  keep(socket: { tear(): void }): () => void {
    this.#sockets.add(socket);
    return () => this.#sockets.delete(socket);
  }

  cut(direction: { readonly there: boolean; readonly back: boolean }): void {
    this.open = { ...direction };
    for (const socket of Array.from(this.#sockets)) socket.tear();
  }

  heal(): void {
    this.open = { there: true, back: true };
  }
}
