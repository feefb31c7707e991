import type { RunningDeployment } from "../src/index.ts";
import { SyncSocket } from "./sync-socket.ts";

/** A client that behaves, beside those that do not: it watches one room, and insists on an unbroken line of transitions. */
export class Neighbour {
  readonly #socket: SyncSocket;
  #version = "";
  #said = 0;

  private constructor(socket: SyncSocket) {
    this.#socket = socket;
  }

  static async join({ url }: RunningDeployment): Promise<Neighbour> {
    const socket = await SyncSocket.open(url);
    const neighbour = new Neighbour(socket);
    socket.watch([["messages:texts", { room: "harbor" }]]);
    await neighbour.#next();
    return neighbour;
  }

  /** Says one thing more and reads until it is seen. Throws when anything said before is missing or there twice. */
  async carriesOn(): Promise<void> {
    this.#said += 1;
    this.#socket.mutate(this.#said, "messages:send", { room: "harbor", text: String(this.#said) });
    for (;;) {
      const texts = await this.#next();
      if (texts === undefined) continue;
      const expected = Array.from({ length: this.#said }, (_, at) => String(at + 1));
      if (texts.join() === expected.join()) return;
      throw new Error(`The neighbour said ${expected.join()} and sees ${texts.join()}.`);
    }
  }

  /** What the next transition brings. */
  async #next(): Promise<readonly string[] | undefined> {
    for (;;) {
      const message = await this.#socket.take();
      if (message.type === "MutationResponse" && message["success"] !== true) {
        throw new Error(`The neighbour was refused: ${JSON.stringify(message)}`);
      }
      if (message.type !== "Transition") continue;
      const { startVersion, endVersion, modifications } = message as unknown as {
        readonly startVersion: unknown;
        readonly endVersion: unknown;
        readonly modifications: readonly { readonly value: readonly string[] }[];
      };
      if (this.#version !== "" && JSON.stringify(startVersion) !== this.#version) {
        throw new Error("The neighbour missed a transition.");
      }
      this.#version = JSON.stringify(endVersion);
      return modifications[0]?.value;
    }
  }
}
